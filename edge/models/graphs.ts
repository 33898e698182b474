import { type GraphName, type GraphSpec, graphSpec, type Manifest } from '../../shared/manifest.ts';
import { type Runtime, TrapError } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { Sessions } from '../runtime/sessions.ts';
import { logEvent } from '../telemetry/log.ts';
import type { GraphSource } from './source.ts';
import { verifiedGraph } from './verify.ts';

/** The graphs of models as sessions: loaded on first use, verified, and kept while there is room. */
export class Graphs {
  readonly #source: GraphSource;
  readonly #runtime: Runtime;
  /** By model, version and graph; each is checked against its own manifest, so equal graphs are not shared. */
  readonly #sessions: Sessions;
  readonly #frozen = new WeakMap<GraphSpec, Session | undefined>();
  /** By model, what requests have asked of it. */
  readonly #needed = new Map<string, Set<GraphName>>();

  constructor(source: GraphSource, runtime: Runtime, cacheBytes: number) {
    this.#source = source;
    this.#runtime = runtime;
    this.#sessions = new Sessions(cacheBytes);
  }

  /** Notes that requests to a model need these graphs: from now on, a version that has them must have them in order. */
  need(name: string, graphs: readonly GraphName[]): void {
    const needed = this.#needed.get(name) ?? new Set();
    for (const graph of graphs) needed.add(graph);
    this.#needed.set(name, needed);
  }

  /** Loads, as far as they are not, the graphs of a version that requests to its model need. @throws where one does not load. */
  async warm(manifest: Manifest): Promise<void> {
    for (const graph of this.#needed.get(manifest.name) ?? []) {
      if (manifest.graphs[graph]) await this.use(manifest, graph, async () => undefined);
    }
  }

  /**
   * What `work` makes of a graph's session; where a frozen one traps, and another runtime is there, of its session there.
   * @throws where the graph cannot be loaded.
   */
  async use<Result>(
    manifest: Manifest,
    graph: GraphName,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const frozen = this.#frozenSession(manifest, graph);
    if (!frozen) return this.#useLoaded(manifest, graph, work);
    try {
      return await work(frozen);
    } catch (error) {
      if (!(error instanceof TrapError && this.#runtime.fallsBack)) throw error;
      logEvent('answered by the unmodified runtime instead', error);
      return this.#useLoaded(manifest, graph, work);
    }
  }

  /** Looked for once: graphs are frozen when the Worker is built. */
  #frozenSession(manifest: Manifest, graph: GraphName): Session | undefined {
    const spec = graphSpec(manifest, graph);
    if (!this.#frozen.has(spec)) {
      const label = `${manifest.name}@${manifest.version}/${graph}`;
      this.#frozen.set(spec, this.#runtime.frozen?.(label, spec));
    }
    return this.#frozen.get(spec);
  }

  #useLoaded<Result>(
    manifest: Manifest,
    graph: GraphName,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const key = `${manifest.name}@${manifest.version}/${graph}`;
    const open = async (): Promise<Session> => {
      const session = await this.#runtime.open(await verifiedGraph(this.#source, manifest, graph));
      await assertTensors(session, manifest, graph);
      return session;
    };
    return this.#sessions.use(key, graphSpec(manifest, graph).bytes, open, work);
  }
}

/** Refuses, and frees, a session whose graph has other tensors than the manifest says. */
async function assertTensors(session: Session, manifest: Manifest, graph: GraphName): Promise<void> {
  const { inputs, outputs } = graphSpec(manifest, graph);
  const expected = [...inputs, ...outputs].map(({ name }) => name);
  const received = [...session.inputNames, ...session.outputNames];
  if (expected.join() === received.join()) return;
  await session.release();
  throw new Error(`${graph}: expected tensors ${expected.join(', ')}, received ${received.join(', ')}`);
}
