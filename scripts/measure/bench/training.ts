/** Benchmarks of training: memory, and the speed of every contender on the same models, data and batches. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Matrix } from '../../../shared/tensor.ts';
import { digits } from '../../../training/data/digits.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import {
  type BenchReport,
  type BenchResults,
  type Measurement,
  machine,
  measurement,
  ratio,
} from './benchReport.ts';
import type { TrainingCase } from './cases/case.ts';
import { CASES, type CaseName } from './cases/registry.ts';
import { type Contender, engineContender, THREADS } from './contender.ts';
import { MEMORY_CASES, type MemoryCaseName } from './memoryCases.ts';
import { pytorchContenders } from './pytorch.ts';
import { tfjsContenders } from './tfjs.ts';

export const BATCH = 256;
const RUNS = 9;
/**
 * Batches of digits that every contender trains on before it is measured; after them, all must have the same
 * loss.
 */
const AGREEMENT_STEPS = 16;
/** Tolerated relative difference of these losses. */
const AGREEMENT = 0.01;
/** Pause between runs, in which the threads of the last contender stop waiting for work. */
const PAUSE_MS = 100;

/**
 * Measures samples per second of whole training steps (forward, backward, Adam) on batches of 256 rows, and
 * memory.
 */
export async function benchTraining(
  print: (line: string) => void,
  names: readonly (CaseName | MemoryCaseName)[],
): Promise<BenchReport> {
  const reports: BenchResults[] = [];
  // Memory comes first, because a child process inherits the peak of this one.
  for (const name of names) if (isMemory(name)) reports.push(await MEMORY_CASES[name].measure());
  const images = await benchImages();
  for (const name of names)
    if (!isMemory(name)) reports.push(await benchCase(name, CASES[name], images, print));
  return {
    machine: machine(),
    results: reports.flatMap(({ results }) => results),
    ratios: reports.flatMap(({ ratios }) => ratios),
  };
}

/** Digits for the cases without rows of their own: every seventh, cyclically, because the package orders them by class. */
export async function benchImages(): Promise<Matrix> {
  const { rows } = await digits();
  return strided(rows, 7, AGREEMENT_STEPS * BATCH);
}

function isMemory(name: CaseName | MemoryCaseName): name is MemoryCaseName {
  return name in MEMORY_CASES;
}

async function benchCase(
  name: CaseName,
  { rows: ownRows, program, pytorch, steps, pytorchTarget, tfjs }: TrainingCase,
  images: Matrix,
  print: (line: string) => void,
): Promise<BenchResults> {
  const rows = ownRows?.() ?? images;
  const work = { program: program(rows.width), rows, batchSize: BATCH };
  const contenders: Contender[] = [];
  try {
    for (const threads of THREADS)
      contenders.push(await engineContender('onnxruntime', onnxruntime, work, { threads }));
    if (tfjs !== undefined) contenders.push(...(await tfjsContenders(work)));
    const peers = await pytorchContenders(pytorch, work);
    if (peers.length === 0) print(`${name}/pytorch: skipped, no python3 with torch on the PATH`);
    contenders.push(...peers);
    assertSameLoss(name, contenders);
    const rivals: Readonly<Record<string, { readonly steps: number; readonly target: number }>> = {
      ...tfjs,
      pytorch: { steps, target: pytorchTarget },
    };
    const runs = await interleaved(contenders, ({ name: own }) => rivals[own]?.steps ?? steps);
    const best = fastest(name, runs);
    for (const each of best.values())
      print(`${each.name}: ${Math.round(each.median).toLocaleString('en-US')} samples/s`);
    const native = best.get('onnxruntime')!;
    const against = Object.entries(rivals).flatMap(([own, { target }]) => {
      const other = best.get(own);
      return other === undefined ? [] : [ratio(native, other, '>=', target)];
    });
    return { results: [...best.values()], ratios: against };
  } finally {
    for (const contender of contenders) await contender.dispose();
  }
}

/**
 * Samples per second of every run. The contenders take turns, so that other load on the machine affects all
 * alike.
 */
async function interleaved(
  contenders: readonly Contender[],
  stepsOf: (contender: Contender) => number,
): Promise<Map<Contender, number[]>> {
  const runs = new Map<Contender, number[]>(contenders.map((each) => [each, []]));
  for (let run = 0; run < RUNS; run++) {
    for (const contender of contenders) {
      await sleep(PAUSE_MS);
      const steps = stepsOf(contender);
      runs.get(contender)!.push((steps * BATCH) / (await contender.run(steps)));
    }
  }
  return runs;
}

/** The fastest of the contenders that share a name and differ in their number of threads. */
function fastest(name: CaseName, runs: ReadonlyMap<Contender, readonly number[]>): Map<string, Measurement> {
  const best = new Map<string, Measurement>();
  for (const [{ name: own }, speeds] of runs) {
    const measured = measurement(`${name}/${own}`, 'samples/s', speeds);
    if (measured.median > (best.get(own)?.median ?? 0)) best.set(own, measured);
  }
  return best;
}

/** Checks that all contenders do the same work, without which speeds cannot be compared. */
function assertSameLoss(name: CaseName, contenders: readonly Contender[]): void {
  const [reference, ...others] = contenders as [Contender, ...Contender[]];
  for (const other of others) {
    if (!(Math.abs(other.loss - reference.loss) <= AGREEMENT * reference.loss)) {
      throw new Error(
        `bench ${name}: after the same steps from the same weights, ${other.name} has loss ${other.loss} and ${reference.name} has ${reference.loss}: they do different work`,
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
