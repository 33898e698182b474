/** The served models: finding them, loading them on first use, and running their graphs. */
import { type GraphName, graphEntries, IMPORTED, type Manifest, mainGraph } from '../../shared/manifest.ts';
import type { NumberTensor, Tensors } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import type { WorkerLoader } from '../runtime/isolates/loader.ts';
import { type IsolateState, type Runtime, TrapError } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { RETRY_SECONDS } from '../runtime/sessions.ts';
import { byName, type ModelReference, newestFirst, notFound, parseReference } from './find.ts';
import { Graphs } from './graphs.ts';
import type { KnownAlias, Routing, Shadow } from './release.ts';
import type { BundledSource, GraphSource, StoredSource } from './source.ts';
import type { KeepAlive } from './stale.ts';
import { StoredModels } from './storedModels.ts';

export interface ModelsOptions {
  readonly bundled: BundledSource;
  /** Models in addition to the bundled ones; its aliases take precedence for a model of the same name. */
  readonly stored?: StoredSource | undefined;
  readonly runtime: Runtime;
  /** Starts the isolates of a runtime that has some. */
  readonly loader?: WorkerLoader | undefined;
  /** Maximum bytes of all loaded graphs together. */
  readonly cacheBytes: number;
  /** Milliseconds before aliases are read again. */
  readonly ttlMs: number;
  readonly keepAlive: KeepAlive;
}

export class Models {
  /** Newest first. */
  readonly #bundled: readonly Manifest[];
  readonly #stored: StoredModels | undefined;
  readonly #graphs: Graphs;
  /** The last list, and that of the bucket which it was made from. */
  #lastList:
    | { readonly stored: readonly Manifest[] | undefined; readonly listed: readonly Manifest[] }
    | undefined;

  constructor({ bundled, stored, runtime, loader, cacheBytes, ...options }: ModelsOptions) {
    this.#bundled = newestFirst(bundled.manifests);
    const source: GraphSource = {
      graph: async (manifest, graph) =>
        (bundled.manifests.includes(manifest) ? bundled : (stored ?? bundled)).graph(manifest, graph),
      frozen: async (manifest) =>
        bundled.manifests.includes(manifest) ? undefined : stored?.frozen?.(manifest),
    };
    this.#graphs = new Graphs(source, runtime, cacheBytes, loader);
    this.#stored = stored && new StoredModels(stored, bundled, this.#graphs, options);
  }

  /**
   * Lists every bundled version and every version with an alias, sorted by name; of each model, the version
   * that answers first, then the newest. If the bucket cannot be read, its last known state is listed.
   */
  async list(): Promise<readonly Manifest[]> {
    // A failure to read the bucket has been logged.
    const stored = await this.#stored?.list().catch(() => undefined);
    // `/health` asks for nothing else, and the bucket's list is the same until it is read again.
    if (this.#lastList === undefined || this.#lastList.stored !== stored)
      this.#lastList = { stored, listed: this.#sorted(this.#bundled, stored) };
    return this.#lastList.listed;
  }

  /** Returns the bundled versions that are part of the frozen runtime. */
  frozen(): readonly Manifest[] {
    return this.#bundled.filter((manifest) => this.#graphs.isFrozen(manifest, mainGraph(manifest)));
  }

  /**
   * Reads the models and aliases of the bucket again, at once.
   * @throws {ProblemError} `model-unavailable` if the bucket cannot be read, and never could.
   */
  async reload(): Promise<void> {
    this.#graphs.reload();
    try {
      await this.#stored?.reload();
    } catch (cause) {
      throw unavailable('The list of models', cause);
    }
  }

  /** Returns the aliases in the bucket as they were read last, without reading. */
  knownAliases(): readonly KnownAlias[] {
    return this.#stored?.knownAliases() ?? [];
  }

  /** Returns the shadow of a version in production, without reading; undefined if there is none. */
  shadowOf(answered: Manifest): Shadow | undefined {
    return this.#stored?.shadowOf(answered);
  }

  /** Returns the isolates that versions run in; undefined if every version runs in this one. */
  isolates(): readonly IsolateState[] | undefined {
    return this.#graphs.isolates();
  }

  /** Returns the listed versions of a model. */
  async versions(name: string): Promise<string[]> {
    const bundled = this.#bundled.filter((manifest) => manifest.name === name);
    const manifests = await this.#listed(bundled, this.#stored?.listOf(name));
    return manifests.map(({ version }) => version);
  }

  /**
   * Finds the version that answers `name`, `name@version`, or `name@production`, `name@canary`,
   * `name@shadow` and `name@previous`.
   *
   * @param routing The key that selects the canary for requests without a version; without it, the canary is
   * never used.
   * @param graphs The graphs to run; a version whose graphs do not load is skipped if another one's do.
   * @throws {ProblemError} `unknown-model` or `unknown-version` for a version that is not served,
   * `model-unavailable` if it cannot be loaded.
   *
   * @example
   * const routing = () => routingKey(headers, body);
   * const manifest = await models.find('digits', routing, ['encoder']);
   */
  async find(reference: string, routing?: Routing, graphs: readonly GraphName[] = []): Promise<Manifest> {
    const parsed = parseReference(reference);
    const manifest = parsed && (await this.#find(parsed, graphs, routing));
    if (manifest) return manifest;
    throw notFound(reference, await this.list());
  }

  /** Returns why a graph cannot be run at the moment, as far as that is known without loading it. */
  faultOf(manifest: Manifest, graph: GraphName): string | undefined {
    return this.#graphs.faultOf(manifest, graph);
  }

  /**
   * Runs one graph on all of its inputs, and returns the given outputs. `started` is called when the run
   * begins.
   * @throws {ProblemError} `model-unavailable` if the graph cannot be loaded, `runtime-trapped` if these
   * inputs need a function that the runtime was built without, `rows-refused` if an imported graph fails on them.
   *
   * @example
   * const { code } = await models.run(manifest, 'encoder', { rows: tensorOf(matrix) }, ['code']);
   */
  async run<Output extends string>(
    manifest: Manifest,
    graph: GraphName,
    inputs: Tensors,
    outputs: readonly Output[],
    started?: () => void,
  ): Promise<Record<Output, NumberTensor>> {
    return this.#use(manifest, graph, (session) => session.run(inputs, outputs, started));
  }

  /**
   * Loads a graph, as its first run would.
   * @throws {ProblemError} `model-unavailable` if it cannot be loaded.
   */
  async load(manifest: Manifest, graph: GraphName): Promise<void> {
    await this.#use(manifest, graph, async () => undefined);
  }

  /**
   * Has behind it what the first request of this isolate would otherwise wait for: the first run (see `Graphs.warmUp`), and
   * reading which versions the aliases of bundled models name.
   */
  async warmUp(): Promise<void> {
    const [manifest] = this.#bundled;
    if (!manifest) return;
    await this.#graphs.warmUp(manifest, mainGraph(manifest));
    if (this.#stored)
      for (const name of new Set(this.#bundled.map((each) => each.name))) await this.find(name);
  }

  async #use<Result>(
    manifest: Manifest,
    graph: GraphName,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    this.#graphs.need(manifest.name, [graph]);
    let isLoaded = false;
    try {
      return await this.#graphs.use(manifest, graph, (session) => {
        isLoaded = true;
        return work(session);
      });
    } catch (cause) {
      if (cause instanceof TrapError) throw runtimeTrapped(manifest, graph, cause);
      if (isLoaded && isRefusal(manifest, cause)) throw rowsRefused(manifest, graph, cause);
      if (isLoaded) throw cause;
      this.#stored?.release(manifest.name).failed(manifest);
      throw unavailable(`${manifest.name}@${manifest.version}`, cause);
    }
  }

  async #listed(
    bundled: readonly Manifest[],
    stored?: Promise<readonly Manifest[]>,
  ): Promise<readonly Manifest[]> {
    // A failure to read the bucket has been logged.
    return this.#sorted(bundled, await stored?.catch(() => undefined));
  }

  #sorted(bundled: readonly Manifest[], stored: readonly Manifest[] = []): readonly Manifest[] {
    const all = [...stored, ...bundled];
    // Whatever an alias names, a version that the runtime cannot run does not answer. Two versions may have
    // some graphs in common, down to the byte.
    const isRun = (manifest: Manifest) =>
      graphEntries(manifest.graphs).every(([graph]) => this.#graphs.runs(manifest, graph));
    return byName([...all.filter(isRun), ...all.filter((manifest) => !isRun(manifest))]);
  }

  async #find(
    { name, version, alias }: ModelReference,
    graphs: readonly GraphName[],
    routing: Routing | undefined,
  ): Promise<Manifest | undefined> {
    const bundled = this.#bundled.filter((manifest) => manifest.name === name);
    const known = version && bundled.find((manifest) => manifest.version === version);
    if (known) return known;
    const isBundled = version === undefined && (alias === undefined || alias === 'production');
    const fallback = isBundled ? bundled[0] : undefined;
    try {
      const stored = version
        ? await this.#stored?.version(name, version)
        : await this.#stored?.find(name, { alias, routing, graphs, isBundled: bundled.length > 0 });
      return stored ?? fallback;
    } catch (cause) {
      // A problem of the request itself, which `routing` reads.
      if (cause instanceof ProblemError) throw cause;
      if (fallback) return fallback;
      throw unavailable(name, cause);
    }
  }
}

function unavailable(what: string, cause: unknown): ProblemError {
  const detail = `${what} cannot be loaded at the moment.`;
  return new ProblemError(
    'model-unavailable',
    { detail },
    { cause, headers: { 'Retry-After': String(RETRY_SECONDS) } },
  );
}

/**
 * True for the message of onnxruntime about an operator that failed. Graphs that were made here answer every row that
 * was let through; what imported ones look up by a number may have no such entry.
 */
function isRefusal({ variant }: Manifest, cause: unknown): boolean {
  return variant === IMPORTED && cause instanceof Error && cause.message.includes('Non-zero status code');
}

function rowsRefused({ name, version }: Manifest, graph: GraphName, cause: unknown): ProblemError {
  const detail = `The ${graph} of ${name}@${version} has no answer for a value of these rows.`;
  return new ProblemError('rows-refused', { detail }, { cause });
}

function runtimeTrapped({ name, version }: Manifest, graph: GraphName, cause: TrapError): ProblemError {
  const detail = `The ${graph} of ${name}@${version} called a function of the runtime that this Worker was built without.`;
  return new ProblemError('runtime-trapped', { detail }, { cause });
}
