/** Verifying a frozen graph: bit-identical to onnxruntime-web, and close to onnxruntime-node. */
import { pathToFileURL } from 'node:url';
import type * as ort from 'onnxruntime-web/wasm';
import type { Instance } from '../../edge/runtime/frozen/instance.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { detachWeights } from '../../shared/detachWeights.ts';
import { GateError } from '../../shared/errors.ts';
import type { NumberTensor } from '../../shared/tensor.ts';
import { compareValues, type Difference, worse } from '../../training/artifact/differences.ts';
import { PARITY_TOLERANCE } from '../../training/artifact/parity.ts';
import { type OutputTensors, openNative } from '../../training/engines/inference.ts';
import type { CapturedRuntime } from './capture.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import type { RuntimePackage } from './runtimePackage.ts';
import { casesOf, type Workload, type WorkloadCase } from './workload.ts';

/** The outputs of a run; undefined if the runtime refuses the inputs. */
type RunOutcome = OutputTensors | undefined;

/** Largest batch that onnxruntime-node runs too: larger ones would take as long as all others together. */
const MAX_NATIVE_ROWS = 64;

/**
 * Runs the whole workload on a thawed instance, on onnxruntime-web and on onnxruntime-node.
 * @returns The number of runs that were compared.
 * @throws {GateError} with the graph and the case of the first difference.
 */
export async function verify(
  instance: Instance,
  frozen: CapturedRuntime['graphs'][number],
  runtime: RuntimePackage,
  workload: Workload,
): Promise<number> {
  const { source: graph } = frozen;
  const stock = await openStock(graph, runtime);
  const native = await openNative(graph.bytes);
  const differences = new Map<string, Difference>();
  let runs = 0;
  for (const each of casesOf(graph, workload)) {
    const expected = await outcome(() => stock.run(each));
    const received = await outcome(async () => runGraph(instance, frozen, each.inputs, each.outputs));
    const where = `${graph.label}, ${each.label}`;
    assertSameBits(where, expected, received);
    const isSmall = Object.values(each.inputs).every(({ shape }) => (shape[0] ?? 0) <= MAX_NATIVE_ROWS);
    if (received !== undefined && each.isOrdinary && isSmall) {
      compare(differences, await native.runTensors(each.inputs), received);
    }
    runs++;
  }
  await stock.release();
  await native.release();
  assertNear(graph.label, differences);
  return runs;
}

/**
 * Opens the graph with onnxruntime-web's public API. Its weights are detached, and so rearranged on load, as
 * in the image.
 * @throws {GateError} if its tensors are not those of its manifest.
 */
async function openStock({ label, bytes, spec }: FreezableGraph, { modulePath }: RuntimePackage) {
  const { InferenceSession, Tensor, env } = (await import(pathToFileURL(modulePath).href)) as typeof ort;
  env.wasm.numThreads = 1;
  env.logLevel = 'fatal';
  const session = await InferenceSession.create(detachWeights(bytes, 'graph'), {
    externalData: [{ path: 'graph', data: bytes }],
    executionProviders: ['wasm'],
    logSeverityLevel: 4,
  });
  const expected = [...spec.inputs, ...spec.outputs].map(({ name }) => name).join();
  const received = [...session.inputNames, ...session.outputNames].join();
  if (expected !== received)
    throw new GateError(`${label}: expected tensors ${expected}, received ${received}`);
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

async function outcome(run: () => Promise<RunOutcome>): Promise<RunOutcome> {
  try {
    return await run();
  } catch (error) {
    // Any other error, above all a trap, is a failure of the runtime.
    if (error instanceof Error && error.message.includes('OrtRun')) return undefined;
    throw error;
  }
}

function assertSameBits(where: string, expected: RunOutcome, received: RunOutcome): void {
  if (expected === undefined || received === undefined) {
    if (expected === received) return;
    const [refused, other] =
      expected === undefined
        ? ['onnxruntime-web', 'the frozen runtime']
        : ['the frozen runtime', 'onnxruntime-web'];
    throw new GateError(`${where}: ${refused} refuses the inputs, ${other} accepts them`);
  }
  for (const [name, { data, shape }] of Object.entries(expected)) {
    const other = received[name];
    const isSame = other && shape.join() === other.shape.join() && bytesOf(data).equals(bytesOf(other.data));
    if (!isSame)
      throw new GateError(
        `${where}: '${name}' of the frozen runtime is not bit-identical to onnxruntime-web`,
      );
  }
}

function compare(
  differences: Map<string, Difference>,
  expected: OutputTensors,
  received: OutputTensors,
): void {
  for (const [name, tensor] of Object.entries(expected)) {
    const other = received[name];
    if (tensor.dtype !== 'float32' || other === undefined) continue;
    differences.set(name, worse(differences.get(name), compareValues(tensor, other)));
  }
}

/** Compares with the largest output of all runs: small outputs are often what remains of large sums. */
function assertNear(label: string, differences: ReadonlyMap<string, Difference>): void {
  for (const [name, { difference, magnitude }] of differences) {
    if (difference / Math.max(1, magnitude) <= PARITY_TOLERANCE) continue;
    throw new GateError(
      `${label}: '${name}' differs from onnxruntime-node by ${difference}, with values up to ${magnitude}; serve the model with a RUNTIME that is not frozen`,
    );
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
