/** Isolates of versions: each version that has a frozen module runs in one of its own, with memory of its own. */
import { FROZEN_MODULES, type FrozenFileName } from '../../../shared/frozenModule.ts';
import type { NumberTensor, Tensor, Tensors } from '../../../shared/tensor.ts';
import { Backoff } from '../backoff.ts';
import { Memo } from '../memo.ts';
import { serialQueue } from '../queue.ts';
import { type GraphIdentity, type Isolates, TrapError } from '../runtime.ts';
import type { Session } from '../session.ts';
import { RETRY_SECONDS } from '../sessions.ts';
import type { FrozenModule } from './frozenModule.ts';
import type { RunAnswer, RunnerStub, WorkerCode, WorkerLoader } from './loader.ts';

/** Isolates that are remembered; another one is found, or started, again when it is next asked for. */
const KNOWN = 64;
/** Modules whose ids are counted; forgetting one costs a failed start. */
const COUNTED = 1000;

/** The isolate of a version. */
interface Isolate {
  /** `name@version` */
  readonly version: string;
  readonly module: FrozenModule;
  id: string;
  starts: number;
  replaced: number;
}

/** Calls an isolate and, if that ends instead of answering, another one in its place. */
type Call = (isolate: Isolate, work: (stub: RunnerStub) => Promise<RunAnswer>) => Promise<RunAnswer>;

/**
 * Creates the isolates of a Worker. Concurrent requests share the start of an isolate. One that ends, for instance
 * because it exceeds its memory, is replaced at once; what fails then, or at the start, is tried again after a while.
 * @param ended Receives each end.
 */
export function createIsolates(
  loader: WorkerLoader,
  ended: (version: string, error: unknown) => void,
): Isolates {
  const retryMs = RETRY_SECONDS * 1000;
  const nothing = () => ({
    started: new Memo<Isolate | undefined>({ capacity: KNOWN, retryMs }),
    /** Versions whose isolate could not be replaced. */
    ended: new Backoff(retryMs),
  });
  let known = nothing();
  /** Least recently started first. */
  const running = new Map<string, Isolate>();
  const nextId = idsOf();
  // Files are in the memory of this isolate until they are handed over: those of one module at a time.
  const queue = serialQueue();
  // A stub belongs to the request that made it, so there is a new one for every call.
  const stubOf = (isolate: Isolate): RunnerStub => {
    const code = () => {
      isolate.starts++;
      return queue(() => codeOf(isolate.module));
    };
    return loader.get(isolate.id, code).getEntrypoint() as RunnerStub;
  };

  const start = async (version: string, module: FrozenModule): Promise<Isolate> => {
    // After a reload, the same isolate goes on, and so do its counts.
    const { starts = 0, replaced = 0 } = running.get(version) ?? {};
    const isolate = { version, module, id: nextId(version, module), starts, replaced };
    try {
      await stubOf(isolate).ready();
    } catch (error) {
      nextId(version, module, isolate.id);
      throw error;
    }
    running.delete(version);
    running.set(version, isolate);
    const [oldest] = running.keys();
    if (running.size > KNOWN) running.delete(oldest!);
    return isolate;
  };

  const call: Call = async (isolate, work) => {
    const { id, version, module } = isolate;
    try {
      return await work(stubOf(isolate));
    } catch (error) {
      // Another request may have replaced it since.
      if (isolate.id === id) {
        ended(version, error);
        isolate.id = nextId(version, module, id);
        isolate.replaced++;
      }
    }
    try {
      return await work(stubOf(isolate));
    } catch (cause) {
      const message = `the isolate of ${version} ended, and so did the one that replaced it`;
      const error = new TrapError(message, { cause });
      known.ended.failed(version, error);
      throw error;
    }
  };

  return {
    session: async (version, label, spec, open) => {
      known.ended.check(version);
      const isolate = await known.started.get(version, async () => {
        const module = await open();
        return module && start(version, module);
      });
      if (!isolate?.module.manifest.graphs.includes(spec.sha256)) return undefined;
      return sessionOf(isolate, label, spec, call);
    },
    states: () =>
      [...running.values()].map(({ version, starts, replaced }) => ({ version, starts, replaced })),
    forget: () => {
      known = nothing();
    },
  };
}

/**
 * Returns a function that names isolates. The same module has the same id in every isolate of this Worker, so that they
 * share one, until that is `spent`: the loader may remember its failure.
 */
function idsOf() {
  const counts = new Map<string, number>();
  return (version: string, { hash }: FrozenModule, spent?: string): string => {
    const name = `${version}+${hash}`;
    const count = (counts.get(name) ?? 0) + (spent === undefined ? 0 : 1);
    if (counts.size >= COUNTED) counts.clear();
    if (count > 0) counts.set(name, count);
    return count === 0 ? name : `${name}.${count}`;
  };
}

function sessionOf(isolate: Isolate, label: string, spec: GraphIdentity, call: Call): Session {
  return {
    inputNames: spec.inputs.map(({ name }) => name),
    outputNames: spec.outputs.map(({ name }) => name),
    run: async <Output extends string>(
      inputs: Tensors,
      outputs: readonly Output[],
      started?: () => void,
    ): Promise<Record<Output, NumberTensor>> => {
      started?.();
      const own = ownBuffers(inputs);
      const answer = await call(isolate, (stub) => stub.run(label, spec.sha256, own, outputs));
      // The program was asked for these outputs.
      if ('outputs' in answer) return answer.outputs as Record<Output, NumberTensor>;
      throw answer.isTrap ? new TrapError(answer.failed) : new Error(answer.failed);
    },
    release: async () => undefined,
  };
}

async function codeOf(module: FrozenModule): Promise<WorkerCode> {
  const text = async (name: FrozenFileName) => new TextDecoder().decode(await module.file(name));
  const { runner, wasm, image, description } = FROZEN_MODULES;
  return {
    compatibilityDate: module.manifest.compatibilityDate,
    mainModule: runner,
    modules: {
      [runner]: await text('runner'),
      [wasm]: { wasm: (await module.file('wasm')).buffer },
      [image]: { data: (await module.file('image')).buffer },
      [description]: { json: JSON.parse(await text('description')) },
    },
    env: {},
    globalOutbound: null,
  };
}

/** Returns tensors that share their buffers with nothing else: RPC sends whole buffers. */
function ownBuffers(inputs: Tensors): Tensors {
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, ownBuffer(tensor)]));
}

function ownBuffer(tensor: Tensor): Tensor {
  if (tensor.dtype === 'string' || tensor.data.byteLength === tensor.data.buffer.byteLength) return tensor;
  return { ...tensor, data: tensor.data.slice() } as Tensor;
}
