/** Something whose training speed is measured. */
import { availableParallelism } from 'node:os';
import type { Matrix } from '../../shared/tensor.ts';
import { batches } from '../../training/data/dataset.ts';
import type { Engine, EngineOptions, Program } from '../../training/engines/engine.ts';

export interface Contender {
  readonly name: string;
  /** The loss of the last batch of one pass over all of them, from the initial weights. */
  readonly loss: number;
  /** Takes `steps` steps and answers with the seconds they took. */
  readonly run: (steps: number) => Promise<number>;
  readonly dispose: () => Promise<void>;
}

export interface Work {
  readonly program: Program;
  readonly rows: Matrix;
  readonly batchSize: number;
}

/** Thread counts worth trying; each contender is measured at its best. */
export const THREADS: readonly number[] = [...new Set([1, availableParallelism()])];

/** One of our engines. */
export async function engineContender(
  name: string,
  engine: Engine,
  work: Work,
  options: EngineOptions = {},
): Promise<Contender> {
  const session = await engine(work.program, options);
  const all = [...batches(work.rows, work.batchSize)];
  let step = 0;
  const train = () =>
    session.train(all[step % all.length]!, { step: step++, stepsPerEpoch: all.length, epochs: 1 });
  let loss = Number.NaN;
  while (step < all.length) ({ loss } = await train()); // also warms up
  return {
    name,
    loss,
    run: async (steps) => {
      const start = performance.now();
      for (let i = 0; i < steps; i++) await train();
      return (performance.now() - start) / 1000;
    },
    dispose: () => session.dispose(),
  };
}
