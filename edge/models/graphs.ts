import {
  type GraphName,
  type GraphSpec,
  graphSpec,
  type Manifest,
  type TensorSpec,
} from '../../shared/manifest.ts';
import type { Tensor } from '../../shared/tensor.ts';
import type { WorkerLoader } from '../runtime/isolates/loader.ts';
import { type IsolateState, type Isolates, type Runtime, TrapError } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { Sessions } from '../runtime/sessions.ts';
import { logEvent } from '../telemetry/log.ts';
import { reportAvailability } from './availability.ts';
import type { GraphSource } from './source.ts';
import { verifiedGraph } from './verify.ts';

/** Graphs of models as sessions: loaded on first use, verified, and kept while there is room. */
export class Graphs {
  readonly #source: GraphSource;
  readonly #runtime: Runtime;
  /**
   * By model, version and graph. Each is verified against its own manifest, so equal graphs are not shared.
   */
  readonly #sessions: Sessions;
  readonly #frozen = new WeakMap<GraphSpec, Session | undefined>();
  readonly #isolates: Isolates | undefined;
  /** Graphs that requests have needed, by model. */
  readonly #needed = new Map<string, Set<GraphName>>();
  #hasRun = false;
  /** True until it is logged that the runtime has no loader. */
  #lacksLoader: boolean;

  constructor(source: GraphSource, runtime: Runtime, cacheBytes: number, loader?: WorkerLoader) {
    this.#source = source;
    this.#runtime = runtime;
    this.#sessions = new Sessions(cacheBytes);
    this.#isolates =
      loader &&
      runtime.isolates?.(loader, (version, error) =>
        logEvent(`the isolate of ${version} ended, and another one takes its place`, error),
      );
    this.#lacksLoader = runtime.isolates !== undefined && loader === undefined;
  }

  /** Returns the isolates that versions run in; undefined if every version runs in this one. */
  isolates(): IsolateState[] | undefined {
    return this.#isolates?.states();
  }

  /** Has frozen modules read again when they are next needed. */
  reload(): void {
    this.#isolates?.forget();
  }

  /** Records that requests to a model need these graphs; from now on, `warm` loads them for a new version. */
  need(name: string, graphs: readonly GraphName[]): void {
    const needed = this.#needed.get(name) ?? new Set();
    for (const graph of graphs) needed.add(graph);
    this.#needed.set(name, needed);
  }

  /** Loads the graphs of a version that requests to its model need. @throws if a graph does not load. */
  async warm(manifest: Manifest): Promise<void> {
    for (const graph of this.#needed.get(manifest.name) ?? []) {
      if (manifest.graphs[graph]) await this.use(manifest, graph, async () => undefined);
    }
  }

  /** True if the runtime can run a graph, provided that it loads. */
  runs(manifest: Manifest, graph: GraphName): boolean {
    return this.#runtime.open !== undefined || this.isFrozen(manifest, graph);
  }

  /** True if a graph is part of the frozen runtime of this Worker. */
  isFrozen(manifest: Manifest, graph: GraphName): boolean {
    return this.#frozenSession(manifest, graph) !== undefined;
  }

  /** Returns why a graph cannot be run now, as far as that is known without loading it. */
  faultOf(manifest: Manifest, graph: GraphName): string | undefined {
    if (!this.runs(manifest, graph)) return ONLY_FROZEN;
    if (this.isFrozen(manifest, graph)) return undefined;
    return this.#sessions.hasFailed(keyOf(manifest, graph)) ? 'its last load failed' : undefined;
  }

  /**
   * Runs a frozen graph once, on one row of zeros, unless one has run before: the first run of an isolate
   * takes milliseconds longer than others, because what it calls is compiled then. Other graphs are not
   * loaded for this.
   */
  async warmUp(manifest: Manifest, graph: GraphName): Promise<void> {
    if (this.#hasRun) return;
    const session = this.#frozenSession(manifest, graph);
    const { inputs, outputs } = graphSpec(manifest, graph);
    this.#hasRun = true;
    await session?.run(
      Object.fromEntries(inputs.map((spec) => [spec.name, zeros(spec)])),
      outputs.map(({ name }) => name),
    );
  }

  /**
   * Runs `work` on a graph's session, and returns its result. If a frozen session traps and the runtime falls
   * back, `work` runs again on a session of the other runtime.
   * @throws if the graph cannot be loaded.
   */
  async use<Result>(
    manifest: Manifest,
    graph: GraphName,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    this.#hasRun = true;
    const frozen =
      this.#frozenSession(manifest, graph) ??
      this.#isolates?.known(graphSpec(manifest, graph)) ??
      (await this.#isolated(manifest, graph));
    if (!frozen) return this.#useLoaded(manifest, graph, work);
    try {
      return await work(frozen);
    } catch (error) {
      if (!(error instanceof TrapError && this.#runtime.fallsBack)) throw error;
      logEvent('the frozen runtime trapped; answered by the unmodified runtime', error);
      return this.#useLoaded(manifest, graph, work);
    }
  }

  /** Returns the frozen session of a graph, cached: graphs are frozen when the Worker is built. */
  #frozenSession(manifest: Manifest, graph: GraphName): Session | undefined {
    const spec = graphSpec(manifest, graph);
    if (!this.#frozen.has(spec)) {
      this.#frozen.set(spec, this.#runtime.frozen?.(keyOf(manifest, graph), spec));
    }
    return this.#frozen.get(spec);
  }

  /**
   * Returns the session of a graph in the isolate of its version; undefined if the version has no frozen module, or
   * that cannot be started at the moment: its graph answers the same.
   */
  async #isolated(manifest: Manifest, graph: GraphName): Promise<Session | undefined> {
    if (this.#lacksLoader) {
      this.#lacksLoader = false;
      logEvent(NO_LOADER);
    }
    if (!this.#isolates) return undefined;
    const version = `${manifest.name}@${manifest.version}`;
    const subject = `frozen module of ${version}`;
    try {
      const open = async () => this.#source.frozen?.(manifest);
      const spec = graphSpec(manifest, graph);
      const session = await this.#isolates.session(version, keyOf(manifest, graph), spec, open);
      reportAvailability(subject, 'available');
      return session;
    } catch (error) {
      reportAvailability(subject, { error });
      return undefined;
    }
  }

  #useLoaded<Result>(
    manifest: Manifest,
    graph: GraphName,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const { open: openSession } = this.#runtime;
    if (!openSession) return Promise.reject(new Error(ONLY_FROZEN));
    const open = async (): Promise<Session> => {
      const session = await openSession(await verifiedGraph(this.#source, manifest, graph));
      await assertTensors(session, manifest, graph);
      return session;
    };
    const { bytes } = graphSpec(manifest, graph);
    return this.#sessions.use(keyOf(manifest, graph), bytes, open, work);
  }
}

/** One row of zeros, or of empty texts; lists have one element. */
function zeros({ dtype, shape: sizes }: TensorSpec): Tensor {
  const shape = sizes.map((size) => (typeof size === 'number' ? size : 1));
  const length = shape.reduce((product, size) => product * size, 1);
  if (dtype === 'float32') return { dtype, shape, data: new Float32Array(length) };
  if (dtype === 'int64') return { dtype, shape, data: new BigInt64Array(length) };
  return { dtype, shape, data: new Array<string>(length).fill('') };
}

const NO_LOADER =
  'without the binding LOADER (worker_loaders in wrangler.toml), versions of the bucket have no isolates of their own: all of them run in this one, on onnxruntime-web';

const ONLY_FROZEN =
  'this Worker runs only its bundled models; deploy it with RUNTIME = "frozen+slim" to run others';

function keyOf({ name, version }: Manifest, graph: GraphName): string {
  return `${name}@${version}/${graph}`;
}

/** Releases a session, and throws, if its tensors are not those of the manifest. */
async function assertTensors(session: Session, manifest: Manifest, graph: GraphName): Promise<void> {
  const { inputs, outputs } = graphSpec(manifest, graph);
  const expected = [...inputs, ...outputs].map(({ name }) => name);
  const received = [...session.inputNames, ...session.outputNames];
  if (expected.join() === received.join()) return;
  await session.release();
  throw new Error(`${graph}: expected tensors ${expected.join(', ')}, received ${received.join(', ')}`);
}
