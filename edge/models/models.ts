/** The served models: finding them, loading them on first use, and running their operations. */
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import type { NumberTensor, Tensors } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { type Runtime, TrapError } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { RETRY_SECONDS } from '../runtime/sessions.ts';
import { byName, type ModelReference, newestFirst, notFound, parseReference } from './find.ts';
import { Graphs } from './graphs.ts';
import type { Routing } from './release.ts';
import type { BundledSource, GraphSource, StoredSource } from './source.ts';
import type { KeepAlive } from './stale.ts';
import { StoredModels } from './storedModels.ts';

export interface ModelsOptions {
  readonly bundled: BundledSource;
  /** Adds to the bundled models; where it has one of the same name, its aliases rule. */
  readonly stored?: StoredSource | undefined;
  readonly runtime: Runtime;
  /** Of all loaded graphs together. */
  readonly cacheBytes: number;
  /** How long what the bucket says about aliases holds. */
  readonly ttlMs: number;
  readonly keepAlive: KeepAlive;
}

export class Models {
  /** The newest first. */
  readonly #bundled: readonly Manifest[];
  readonly #stored: StoredModels | undefined;
  readonly #graphs: Graphs;

  constructor({ bundled, stored, runtime, cacheBytes, ...options }: ModelsOptions) {
    this.#bundled = newestFirst(bundled.manifests);
    const source: GraphSource = {
      graph: async (manifest, graph) =>
        (bundled.manifests.includes(manifest) ? bundled : (stored ?? bundled)).graph(manifest, graph),
    };
    this.#graphs = new Graphs(source, runtime, cacheBytes);
    this.#stored = stored && new StoredModels(stored, bundled, this.#graphs, options);
  }

  /**
   * Every bundled version, and those that aliases name, by name: the version that answers first, then the newest. Where
   * the bucket cannot be read, what is known of it.
   */
  list(): Promise<readonly Manifest[]> {
    return this.#listed(this.#bundled, this.#stored?.list());
  }

  /**
   * Looks at once for models that come from a bucket, and for what its aliases name.
   * @throws {ProblemError} `model-unavailable` where the bucket cannot be read, and never could.
   */
  async reload(): Promise<void> {
    try {
      await this.#stored?.reload();
    } catch (cause) {
      throw unavailable('The list of models', cause);
    }
  }

  /** The versions of a model that are listed. */
  async versions(name: string): Promise<string[]> {
    const bundled = this.#bundled.filter((manifest) => manifest.name === name);
    const manifests = await this.#listed(bundled, this.#stored?.listOf(name));
    return manifests.map(({ version }) => version);
  }

  /**
   * The version that answers `name`, `name@version`, or `name@production`, `name@canary` and `name@previous`.
   *
   * @param routing The key that decides whether the canary answers a request that names no version; without, it never does.
   * @param graphs What is going to be run: a version on which these do not load is passed over for one on which they do.
   * @throws {ProblemError} `unknown-model` or `unknown-version` for what is not served, `model-unavailable` where it
   * cannot be loaded.
   *
   * @example
   * const manifest = await models.find('digits', () => c.req.header('X-Canary-Key') ?? hash(body), ['encoder']);
   */
  async find(reference: string, routing?: Routing, graphs: readonly GraphName[] = []): Promise<Manifest> {
    const parsed = parseReference(reference);
    const manifest = parsed && (await this.#find(parsed, graphs, routing));
    if (manifest) return manifest;
    throw notFound(reference, await this.list());
  }

  /**
   * The given outputs of one graph for all of its inputs. `started` is called when nothing is waited for any more.
   * @throws {ProblemError} `model-unavailable` where the graph cannot be loaded, `runtime-trapped` where the runtime was built
   * without something that it needs for these inputs.
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
   * Makes a graph ready to run, as its first run would.
   * @throws {ProblemError} `model-unavailable` where it cannot be loaded.
   */
  async load(manifest: Manifest, graph: GraphName): Promise<void> {
    await this.#use(manifest, graph, async () => undefined);
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
      if (isLoaded) throw cause;
      this.#stored?.release(manifest.name).failed(manifest);
      throw unavailable(`${manifest.name}@${manifest.version}`, cause);
    }
  }

  async #listed(
    bundled: readonly Manifest[],
    stored?: Promise<readonly Manifest[]>,
  ): Promise<readonly Manifest[]> {
    // That the bucket cannot be read has been logged.
    return byName([...((await stored?.catch(() => [])) ?? []), ...bundled]);
  }

  async #find(
    { name, version, alias }: ModelReference,
    graphs: readonly GraphName[],
    routing: Routing | undefined,
  ): Promise<Manifest | undefined> {
    const bundled = this.#bundled.filter((manifest) => manifest.name === name);
    const known = version && bundled.find((manifest) => manifest.version === version);
    if (known) return known;
    const fallback = version || alias === 'canary' || alias === 'previous' ? undefined : bundled[0];
    try {
      const stored = version
        ? await this.#stored?.version(name, version)
        : await this.#stored?.find(name, { alias, routing, graphs, isBundled: bundled.length > 0 });
      return stored ?? fallback;
    } catch (cause) {
      // Of the request, which `routing` reads.
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

function runtimeTrapped({ name, version }: Manifest, graph: GraphName, cause: TrapError): ProblemError {
  const detail = `The ${graph} of ${name}@${version} came to a part of the runtime that this Worker was built without.`;
  return new ProblemError('runtime-trapped', { detail }, { cause });
}
