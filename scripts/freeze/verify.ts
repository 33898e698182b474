/** Verifying a frozen runtime: thawed, it answers as onnxruntime-web did, bit for bit. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { thaw } from '../../edge/runtime/frozen/thaw.ts';
import { GateError } from '../../shared/errors.ts';
import { type Answers, hashed, outcome } from './answers.ts';
import { IMAGE_FILES } from './compose.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { readRuntime } from './runtimePackage.ts';
import { casesOf, type Workload } from './workload.ts';

export interface VerifiedGraph {
  readonly source: FreezableGraph;
  /** Position in the description of the image. */
  readonly position: number;
  /** The answers of onnxruntime-web, in the order of the workload. */
  readonly answers: readonly Answers[];
}

export interface VerifyInput {
  /** Folder of the onnxruntime-web; undefined for the installed one. */
  readonly runtime: string | undefined;
  /** Where the files of the image are. */
  readonly folder: string;
  readonly description: ImageDescription;
  readonly graphs: readonly VerifiedGraph[];
  readonly workload: Workload;
}

/**
 * Runs the whole workload of the graphs on a thawed instance.
 * @returns The number of runs that were compared.
 * @throws {GateError} with the graph and the case of the first difference.
 */
export async function verify(input: VerifyInput): Promise<number> {
  const { folder, description, graphs, workload } = input;
  const { factory } = await readRuntime(input.runtime);
  const module = await WebAssembly.compile(await readFile(join(folder, IMAGE_FILES.wasm)));
  const image = Uint8Array.from(await readFile(join(folder, IMAGE_FILES.image))).buffer;
  const instance = await thaw({ factory, module, image, description });
  let runs = 0;
  for (const { source, position, answers } of graphs) {
    const graph = description.graphs[position]!;
    let i = 0;
    for (const { label, inputs, outputs } of casesOf(source, workload)) {
      const received = await outcome(() => runGraph(instance, graph, inputs, outputs));
      assertSame(`${source.label}, ${label}`, answers[i++]!, received ? hashed(received) : null);
    }
    if (i !== answers.length) throw new Error(`${source.label}: expected ${answers.length} runs, had ${i}`);
    runs += i;
  }
  return runs;
}

function assertSame(where: string, expected: Answers, received: Answers): void {
  if (expected === null || received === null) {
    if (expected === received) return;
    const [refused, other] =
      expected === null
        ? ['onnxruntime-web', 'the frozen runtime']
        : ['the frozen runtime', 'onnxruntime-web'];
    throw new GateError(`${where}: ${refused} refuses the inputs, ${other} accepts them`);
  }
  for (const [name, hash] of Object.entries(expected)) {
    if (received[name] === hash) continue;
    throw new GateError(`${where}: '${name}' of the frozen runtime is not bit-identical to onnxruntime-web`);
  }
}
