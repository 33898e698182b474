/** The answers that the frozen runtime must give: the bits of onnxruntime-web, which are close to those of onnxruntime-node. */
import { pathToFileURL } from 'node:url';
import type * as ort from 'onnxruntime-web/wasm';
import { detachWeights } from '../../shared/detachWeights.ts';
import { GateError } from '../../shared/errors.ts';
import type { NumberTensor } from '../../shared/tensor.ts';
import { compareValues, type Difference, worse } from '../../training/artifact/differences.ts';
import { openErrorTerms } from '../../training/artifact/errorTerms.ts';
import { PARITY_TOLERANCE } from '../../training/artifact/parity.ts';
import { type OutputTensors, openNative } from '../../training/engines/inference.ts';
import { type Answers, hashed, outcome } from './answers.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { type RuntimePackage, readRuntime } from './runtimePackage.ts';
import { casesOf, type Workload, type WorkloadCase } from './workload.ts';

/** Largest batch that onnxruntime-node runs too: larger ones would take as long as all others together. */
const MAX_NATIVE_ROWS = 64;

export interface ReferenceInput {
  /** Folder of the onnxruntime-web; undefined for the installed one. */
  readonly runtime: string | undefined;
  readonly graphs: readonly FreezableGraph[];
  readonly workload: Workload;
}

/** The answers of a graph in the order of the workload, or the reason why onnxruntime-web does not load it. */
export type Reference = { readonly answers: readonly Answers[] } | { readonly refused: string };

/**
 * Runs the whole workload of each graph on onnxruntime-web and, as far as it is ordinary, on onnxruntime-node.
 * @throws {GateError} with the graph and the figures, if the runtimes differ by more than rounding.
 */
export async function refer(input: ReferenceInput): Promise<Reference[]> {
  const runtime = await readRuntime(input.runtime);
  const references: Reference[] = [];
  for (const graph of input.graphs) references.push(await referenceOf(graph, runtime, input.workload));
  return references;
}

async function referenceOf(
  graph: FreezableGraph,
  runtime: RuntimePackage,
  workload: Workload,
): Promise<Reference> {
  const stock = await openStock(graph, runtime);
  if (typeof stock === 'string') return { refused: stock };
  const native = await openNative(graph.bytes);
  const terms = await openErrorTerms(graph.bytes);
  const differences = new Map<string, Difference>();
  const answers: Answers[] = [];
  for (const each of casesOf(graph, workload)) {
    const received = await outcome(() => stock.run(each));
    const isSmall = Object.values(each.inputs).every(({ shape }) => (shape[0] ?? 0) <= MAX_NATIVE_ROWS);
    if (received !== undefined && each.isOrdinary && isSmall) {
      compare(differences, await native.runTensors(each.inputs), received, await terms.of(each.inputs));
    }
    answers.push(received === undefined ? null : hashed(received));
  }
  await stock.release();
  await native.release();
  await terms.release();
  assertNear(graph.label, differences);
  return { answers };
}

/**
 * Opens the graph with onnxruntime-web's public API. Its weights are detached, and so rearranged on load, as
 * in the image. Returns the reason if onnxruntime refuses it, or its tensors are not those of its manifest.
 */
async function openStock({ bytes, spec }: FreezableGraph, { modulePath }: RuntimePackage) {
  const { InferenceSession, Tensor, env } = (await import(pathToFileURL(modulePath).href)) as typeof ort;
  env.wasm.numThreads = 1;
  env.logLevel = 'fatal';
  let session: ort.InferenceSession;
  try {
    session = await InferenceSession.create(detachWeights(bytes, 'graph'), {
      externalData: [{ path: 'graph', data: bytes }],
      executionProviders: ['wasm'],
      logSeverityLevel: 4,
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const expected = [...spec.inputs, ...spec.outputs].map(({ name }) => name).join(', ');
  const received = [...session.inputNames, ...session.outputNames].join(', ');
  if (expected !== received) return `expected tensors ${expected}, received ${received}`;
  return {
    run: async ({ inputs, outputs }: WorkloadCase): Promise<Record<string, NumberTensor>> => {
      const feeds = Object.entries(inputs).map(([name, { dtype, data, shape }]) => {
        return [name, new Tensor(dtype, data, [...shape])] as const;
      });
      const answers = await session.run(Object.fromEntries(feeds), outputs);
      return Object.fromEntries(
        Object.entries(answers).map(([name, { type, data, dims }]) => {
          return [name, { dtype: type, data, shape: dims } as NumberTensor];
        }),
      );
    },
    release: () => session.release(),
  };
}

function compare(
  differences: Map<string, Difference>,
  expected: OutputTensors,
  received: OutputTensors,
  terms: OutputTensors,
): void {
  for (const [name, tensor] of Object.entries(expected)) {
    const other = received[name];
    if (tensor.dtype !== 'float32' || other === undefined) continue;
    differences.set(name, worse(differences.get(name), compareValues(tensor, other, terms[name])));
  }
}

/** Compares with the largest output of all runs: small outputs are often what remains of large sums. */
function assertNear(label: string, differences: ReadonlyMap<string, Difference>): void {
  for (const [name, { difference, magnitude }] of differences) {
    if (difference / Math.max(1, magnitude) <= PARITY_TOLERANCE) continue;
    throw new GateError(
      `${label}: '${name}' differs from onnxruntime-node by ${difference}, with values or terms up to ${magnitude}; serve the model with a RUNTIME that is not frozen`,
    );
  }
}
