/** What a training step spends its time on, by onnxruntime's own profiler. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { threadsFor } from '../../../training/engines/threads.ts';
import { type BenchReport, type Measurement, machine, measurement } from './benchReport.ts';
import { CASES, type CaseName } from './cases/registry.ts';
import { engineContender } from './contender.ts';
import { BATCH, benchImages } from './training.ts';

const RUNS = 5;

/** Operators by what they do; all others compute number by number. */
const KINDS: Readonly<Record<string, ReadonlySet<string>>> = {
  'matrix-products': new Set(['Gemm', 'FusedGemm', 'MatMul']),
  convolutions: new Set(['Conv', 'FusedConv', 'ConvTranspose']),
  'copies-and-moves': new Set([
    ...['Concat', 'Expand', 'Gather', 'Identity', 'Pad', 'Reshape', 'Slice', 'Split', 'Squeeze'],
    ...['Transpose', 'Unsqueeze'],
  ]),
  sums: new Set(['LogSoftmax', 'ReduceMean', 'ReduceProd', 'ReduceSum', 'Softmax']),
};
const OTHER = 'number-by-number';

/** Operators that only run others, whose time is that of these. */
const LOOPS: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan']);

/** Measures the share of the operators' time that each kind takes in the training steps of some cases. */
export async function benchProfile(
  _print: (line: string) => void,
  names: readonly CaseName[],
): Promise<BenchReport> {
  const images = await benchImages();
  const results: Measurement[] = [];
  for (const name of names) {
    const { rows: ownRows, program: programOf } = CASES[name];
    const rows = ownRows?.() ?? images;
    const program = programOf(rows.width);
    const runs: Record<string, number>[] = [];
    for (let run = 0; run < RUNS; run++) {
      const threads = threadsFor(program, BATCH);
      runs.push(
        await profiled(async (profile) => {
          const work = { program, rows, batchSize: BATCH };
          const { dispose } = await engineContender('onnxruntime', onnxruntime, work, { threads, profile });
          await dispose();
        }),
      );
    }
    for (const kind of [...Object.keys(KINDS), OTHER])
      results.push(
        measurement(
          `${name}/${kind}`,
          '%',
          runs.map((shares) => shares[kind] ?? 0),
        ),
      );
  }
  return { machine: machine(), results, ratios: [] };
}

/** Runs work with a prefix for profiles, and returns the percentage of the time of all operators by kind. */
async function profiled(work: (prefix: string) => Promise<void>): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-profile-'));
  try {
    await work(join(folder, 'steps'));
    const [file] = readdirSync(folder);
    return sharesOf(JSON.parse(readFileSync(join(folder, file!), 'utf8')) as ProfileEvent[]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An event of onnxruntime's profile, in the format of Chrome's traces; microseconds. */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

function sharesOf(events: readonly ProfileEvent[]): Record<string, number> {
  const taken: Record<string, number> = {};
  let all = 0;
  for (const { cat, name, dur, args } of events) {
    const type = args?.op_name;
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || type === undefined || LOOPS.has(type)) continue;
    const kind = Object.keys(KINDS).find((each) => KINDS[each]!.has(type)) ?? OTHER;
    taken[kind] = (taken[kind] ?? 0) + dur;
    all += dur;
  }
  return Object.fromEntries(Object.entries(taken).map(([kind, each]) => [kind, (100 * each) / all]));
}
