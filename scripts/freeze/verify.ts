/** Whether a frozen graph is the graph: the same bits as onnxruntime-web, and the same numbers as onnxruntime-node. */
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
import type { Captured } from './capture.ts';
import type { Freezable } from './graphs.ts';
import type { RuntimePackage } from './package.ts';
import { type Case, casesOf, type Workload } from './workload.ts';

/** What the graph answers, or undefined where the runtime refuses the inputs. */
type Outcome = OutputTensors | undefined;

/** Native runs of the largest batches would take as long as all others together. */
const MAX_NATIVE_ROWS = 64;

/**
 * Runs the whole workload on a thawed instance and on the others.
 * @returns How many runs were compared.
 * @throws {GateError} for the first that differs, naming the graph and the case.
 */
export async function verify(
  instance: Instance,
  frozen: Captured['graphs'][number],
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
 * The graph in the package's own API, with the weights rearranged on load, as they are in what is frozen.
 * @throws {GateError} where it has other tensors than its manifest says.
 */
async function openStock({ label, bytes, spec }: Freezable, { modulePath }: RuntimePackage) {
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
    run: async ({ inputs, outputs }: Case): Promise<Record<string, NumberTensor>> => {
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

async function outcome(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    // Anything else, a trap above all, is no answer of the graph.
    if (error instanceof Error && error.message.includes('OrtRun')) return undefined;
    throw error;
  }
}

function assertSameBits(where: string, expected: Outcome, received: Outcome): void {
  if (expected === undefined || received === undefined) {
    if (expected === received) return;
    const [refused, other] =
      expected === undefined
        ? ['onnxruntime-web', 'the frozen one']
        : ['the frozen runtime', 'onnxruntime-web'];
    throw new GateError(`${where}: ${refused} refuses it, ${other} answers`);
  }
  for (const [name, { data, shape }] of Object.entries(expected)) {
    const other = received[name];
    const isSame = other && shape.join() === other.shape.join() && bytesOf(data).equals(bytesOf(other.data));
    if (!isSame)
      throw new GateError(
        `${where}: the frozen runtime answers other bits in '${name}' than onnxruntime-web`,
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

/** Against the largest answer of all runs: small ones are often the rest of large sums, a predictor's above all. */
function assertNear(label: string, differences: ReadonlyMap<string, Difference>): void {
  for (const [name, { difference, magnitude }] of differences) {
    if (difference / Math.max(1, magnitude) <= PARITY_TOLERANCE) continue;
    throw new GateError(
      `${label}: '${name}' differs from onnxruntime-node by ${difference}, of values up to ${magnitude}; serve it with another RUNTIME than a frozen one`,
    );
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
