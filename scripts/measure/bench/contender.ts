/** Engines and frameworks whose training speed is measured. */
import { availableParallelism } from 'node:os';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Engine, EngineOptions, Program } from '../../../training/engines/engine.ts';

export interface Contender {
  readonly name: string;
  /** Loss of the last batch after one pass over all batches, from the initial weights. */
  readonly loss: number;
  /** Takes `steps` training steps and returns their duration in seconds. */
  readonly run: (steps: number) => Promise<number>;
  readonly dispose: () => Promise<void>;
}

export interface TrainingWork {
  readonly program: Program;
  readonly rows: Matrix;
  readonly batchSize: number;
}

/** Thread counts to try; each contender is compared at its fastest. */
export const THREADS: readonly number[] = [...new Set([1, availableParallelism()])];

/** Makes a contender of one of our engines. */
export async function engineContender(
  name: string,
  engine: Engine,
  work: TrainingWork,
  options: EngineOptions = {},
): Promise<Contender> {
  const { program, rows, batchSize } = work;
  const session = await engine(program, options);
  const perPass = rows.rowCount / batchSize;
  let step = 0;
  let loss = Number.NaN;
  const train = async (steps: number) => {
    for (let left = steps; left > 0; ) {
      const from = step % perPass;
      const count = Math.min(left, session.stepsAtOnce(batchSize), perPass - from);
      const batch = sliceOf(rows, from * batchSize, count * batchSize);
      const losses = await session.train(batch, { step, stepsPerEpoch: perPass, epochs: 1 }, count);
      loss = losses.at(-1)!.loss;
      step += count;
      left -= count;
    }
  };
  await train(perPass); // also warms up
  return {
    name,
    loss,
    run: async (steps) => {
      const start = performance.now();
      await train(steps);
      return (performance.now() - start) / 1000;
    },
    dispose: () => session.dispose(),
  };
}

function sliceOf({ data, width }: Matrix, start: number, rowCount: number): Matrix {
  return { data: data.subarray(start * width, (start + rowCount) * width), rowCount, width };
}
