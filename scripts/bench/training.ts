/** Training speed of every engine on the same model, data and batches. */
import type { Matrix } from '../../shared/tensor.ts';
import { batches } from '../../training/data/dataset.ts';
import { digits } from '../../training/data/digits.ts';
import type { Engine, Program } from '../../training/engines/engine.ts';
import { onnxruntime } from '../../training/engines/onnxruntime.ts';
import { tfjsEngine } from '../../training/engines/tfjs/engine.ts';
import { loadTfjs } from '../../training/engines/tfjs/load.ts';
import { undercomplete } from '../../training/models/undercomplete.ts';
import { OPTIMIZERS } from '../../training/optimizers/registry.ts';
import { programOf } from '../../training/program.ts';
import { measurePytorch } from './pytorch.ts';
import { type BenchReport, type Contender, machine, measurement, ratio } from './report.ts';

const CASE = 'mlp-784-128-32';
const BATCH = 256;
const RUNS = 5;
/** After this many steps from the same weights, every contender must have the same loss. */
const AGREEMENT_STEPS = 16;
const AGREEMENT = 0.01;

/** Samples per second of a training step (forward, backward, Adam) of 784-128-32-128-784 on batches of 256 digits. */
export async function benchTraining(print: (line: string) => void): Promise<BenchReport> {
  const { rows: all } = await digits();
  // Every seventh digit, round and round, since the package orders them by class.
  const rows = strided(all, 7, AGREEMENT_STEPS * BATCH);
  const program = mlp(rows.width);
  const { backend } = await loadTfjs();
  const contenders = new Map<string, Contender>();
  const add = (name: string, contender: Contender) => {
    print(
      `${contender.measured.name}: ${Math.round(contender.measured.median).toLocaleString('en-US')} samples/s`,
    );
    contenders.set(name, contender);
    return contender.measured;
  };
  const native = add('onnxruntime', await measureEngine('onnxruntime', onnxruntime, program, rows, 60));
  const tfjs = add(backend, await measureEngine(backend, tfjsEngine, program, rows, 1));
  const pytorch = measurePytorch({ name: `${CASE}/pytorch`, program, rows, batchSize: BATCH, runs: RUNS });
  if (pytorch === undefined) print(`${CASE}/pytorch: left out, no python3 with torch on the PATH`);
  else add('pytorch', pytorch);
  assertSameLoss(contenders);
  return {
    machine: machine(),
    results: [...contenders.values()].map(({ measured }) => measured),
    ratios: [
      ratio(native, tfjs, '>=', backend === 'tfjs-cpu' ? 20 : 1),
      ...(pytorch === undefined ? [] : [ratio(native, pytorch.measured, '>=', 1)]),
    ],
  };
}

function mlp(features: number): Program {
  const config = undercomplete.config.parse({
    hidden: [128],
    codeSize: 32,
    codeActivation: 'relu',
    loss: 'binary-cross-entropy',
  });
  const optimizer = OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({}));
  return programOf(undercomplete.build(config, features, 1), features, optimizer, 1);
}

async function measureEngine(
  name: string,
  engine: Engine,
  program: Program,
  rows: Matrix,
  stepsPerRun: number,
): Promise<Contender> {
  const session = await engine(program, {});
  const all = [...batches(rows, BATCH)];
  let loss = Number.NaN;
  let step = 0;
  const train = (batch: Matrix) =>
    session.train(batch, { step: step++, stepsPerEpoch: all.length, epochs: 1 });
  for (const batch of all) ({ loss } = await train(batch)); // also warms up
  const runs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    for (let i = 0; i < stepsPerRun; i++) await train(all[i % all.length]!);
    runs.push((stepsPerRun * BATCH) / ((performance.now() - start) / 1000));
  }
  await session.dispose();
  return { measured: measurement(`${CASE}/${name}`, 'samples/s', runs), loss };
}

/** A speed means nothing if the work is not the same. */
function assertSameLoss(contenders: ReadonlyMap<string, Contender>): void {
  const [[reference, first], ...others] = [...contenders] as [[string, Contender], ...[string, Contender][]];
  for (const [name, { loss }] of others) {
    if (!(Math.abs(loss - first.loss) <= AGREEMENT * first.loss)) {
      throw new Error(
        `bench: after ${AGREEMENT_STEPS} steps from the same weights, ${name} has loss ${loss} and ${reference} ${first.loss}: they do not do the same work`,
      );
    }
  }
}

function strided({ data, rowCount, width }: Matrix, stride: number, count: number): Matrix {
  const picked = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const row = (i * stride) % rowCount;
    picked.set(data.subarray(row * width, (row + 1) * width), i * width);
  }
  return { data: picked, rowCount: count, width };
}
