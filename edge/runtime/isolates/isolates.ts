/** Isolates of versions: each version that has a frozen module runs in one of its own, with memory of its own. */
import type { FrozenPart } from '../../../shared/frozenModule.ts';
import type { NumberTensor, Tensors } from '../../../shared/tensor.ts';
import { Backoff } from '../backoff.ts';
import { Memo } from '../memo.ts';
import { createMutex } from '../mutex.ts';
import { type GraphIdentity, type Isolates, TrapError } from '../runtime.ts';
import type { Session } from '../session.ts';
import { RETRY_SECONDS } from '../sessions.ts';
import { codeOf } from './code.ts';
import type { FrozenModule } from './frozenModule.ts';
import type { RunAnswer, RunnerStub, WorkerLoader } from './loader.ts';
import { ownBuffers } from './ownBuffers.ts';

/** What a run in an isolate that has its image answers. */
type Ran = Exclude<RunAnswer, { readonly isEmpty: true }>;

/** Isolates that are remembered; another one is found, or started, again when it is next asked for. */
const KNOWN = 64;
/** Modules whose ids are counted; forgetting one costs a failed start. */
const COUNTED = 1000;

/** Milliseconds after which a request that hands over a piece is taken to have ended: that takes a few. */
const LOST_MS = 5000;

/** The isolate of a version, or of a part of it. */
interface Isolate {
  /** `name@version` */
  readonly version: string;
  readonly module: FrozenModule;
  /** Index of the part of the module. */
  readonly part: number;
  id: string;
  starts: number;
  replaced: number;
}

/** Calls an isolate and, if that ends instead of answering, another one in its place. */
type Call = (isolate: Isolate, run: (stub: RunnerStub) => Promise<RunAnswer>) => Promise<Ran>;

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
    /** By version. */
    modules: new Memo<FrozenModule | undefined>({ capacity: KNOWN, retryMs }),
    started: new Memo<Isolate>({ capacity: KNOWN, retryMs }),
    /** Isolates that could not be replaced. */
    ended: new Backoff(retryMs),
    /** Sessions that isolates have answered for, so that a request need not look for their isolates. */
    sessions: new WeakMap<GraphIdentity, Session>(),
  });
  let known = nothing();
  /** Least recently started first. */
  const running = new Map<string, Isolate>();
  const nextId = idsOf();
  // A piece is in the memory of this isolate until it is handed over: one at a time.
  const alone = createMutex(LOST_MS);
  // A stub belongs to the request that made it, so there is a new one for every call.
  const stubOf = (isolate: Isolate): RunnerStub => {
    const code = () => {
      isolate.starts++;
      return codeOf(isolate.module, partOf(isolate));
    };
    return loader.get(isolate.id, code).getEntrypoint() as RunnerStub;
  };
  /** Hands over the pieces of the image that an isolate does not have yet. */
  const fill = async (isolate: Isolate, stub: RunnerStub): Promise<void> => {
    const { file } = isolate.module;
    const { image } = partOf(isolate);
    const handOver = async (index: number) => {
      const piece = await file(image[index]!);
      return stub.take(index, image.length, piece.buffer);
    };
    for (let next = await stub.pieces(); next < image.length; ) {
      const index = next;
      next = await alone(() => handOver(index));
    }
  };
  const filled = async (isolate: Isolate, run: (stub: RunnerStub) => Promise<RunAnswer>): Promise<Ran> => {
    const stub = stubOf(isolate);
    const answer = await run(stub);
    if (!('isEmpty' in answer)) return answer;
    await fill(isolate, stub);
    const again = await run(stub);
    if (!('isEmpty' in again)) return again;
    throw new Error('it has lost its image again');
  };

  const start = async (version: string, module: FrozenModule, part: number): Promise<Isolate> => {
    const key = keyOf(version, part);
    // After a reload, the same isolate goes on, and so do its counts.
    const { starts = 0, replaced = 0 } = running.get(key) ?? {};
    const isolate = { version, module, part, id: '', starts, replaced };
    isolate.id = nextId(isolate);
    try {
      await fill(isolate, stubOf(isolate));
    } catch (error) {
      nextId(isolate, isolate.id);
      // It may be damaged, and be whole when it is read again.
      known.modules.drop(version);
      throw error;
    }
    running.delete(key);
    running.set(key, isolate);
    const [oldest] = running.keys();
    if (running.size > KNOWN) running.delete(oldest!);
    return isolate;
  };

  const call: Call = async (isolate, run) => {
    const { id, version, part } = isolate;
    try {
      return await filled(isolate, run);
    } catch (error) {
      // Another request may have replaced it since.
      if (isolate.id === id) {
        ended(version, error);
        isolate.id = nextId(isolate, id);
        isolate.replaced++;
      }
    }
    try {
      return await filled(isolate, run);
    } catch (cause) {
      const message = `the isolate of ${version} ended, and so did the one that replaced it`;
      const error = new TrapError(message, { cause });
      known.ended.failed(keyOf(version, part), error);
      known.sessions = new WeakMap();
      throw error;
    }
  };

  return {
    known: (spec) => known.sessions.get(spec),
    session: async (version, label, spec, open) => {
      const module = await known.modules.get(version, open);
      const part = module?.manifest.parts.findIndex(({ graphs }) => graphs.includes(spec.sha256)) ?? -1;
      if (module === undefined || part < 0) return undefined;
      const key = keyOf(version, part);
      known.ended.check(key);
      const isolate = await known.started.get(key, () => start(version, module, part));
      const session = sessionOf(isolate, label, spec, call);
      known.sessions.set(spec, session);
      return session;
    },
    states: () =>
      [...running.values()].map(({ version, part, starts, replaced }) => ({
        ...{ version, part: part + 1, starts, replaced },
      })),
    forget: () => {
      known = nothing();
    },
  };
}

function keyOf(version: string, part: number): string {
  return part === 0 ? version : `${version}/${part + 1}`;
}

/**
 * Returns a function that names isolates. The same module has the same id in every isolate of this Worker, so that they
 * share one, until that is `spent`: the loader may remember its failure.
 */
function idsOf() {
  const counts = new Map<string, number>();
  return ({ version, module: { hash }, part }: Isolate, spent?: string): string => {
    const name = keyOf(`${version}+${hash}`, part);
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
      const answer = await call(isolate, (stub) => stub.run(spec.sha256, own, outputs));
      // The program was asked for these outputs.
      if ('outputs' in answer) return answer.outputs as Record<Output, NumberTensor>;
      throw answer.isTrap ? new TrapError(`${label}: ${answer.failed}`) : new Error(answer.failed);
    },
    release: async () => undefined,
  };
}

function partOf({ module, part }: Isolate): FrozenPart {
  return module.manifest.parts[part]!;
}
