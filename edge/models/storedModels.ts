/** The models of a bucket, each with its release. */
import { type AliasName, aliasedVersion } from '../../shared/aliases.ts';
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import { type Admission, admission, MissingVersionError } from './admission.ts';
import { newestFirst } from './find.ts';
import type { Graphs } from './graphs.ts';
import { type KnownAlias, Release, type Routing, type Shadow } from './release.ts';
import type { BundledSource, StoredSource } from './source.ts';
import { Stale, type StaleOptions } from './stale.ts';

/**
 * Limit of remembered names; beyond it, names of missing models are forgotten, since callers may ask for any
 * name.
 */
const MAX_RELEASES = 1000;
/** A Worker's limit of simultaneous connections. */
const CONNECTIONS = 6;

/** A request without a version. */
interface UnversionedRequest {
  readonly alias: AliasName | undefined;
  /** Selects the canary for its share of the requests without an alias. */
  readonly routing: Routing | undefined;
  /** The graphs to run. */
  readonly graphs: readonly GraphName[];
  /** True if a bundled version can answer if the bucket does not have the model. */
  readonly isBundled: boolean;
}

export class StoredModels {
  readonly #source: StoredSource;
  readonly #graphs: Graphs;
  readonly #admission: Admission;
  readonly #options: StaleOptions;
  readonly #bundled: readonly Manifest[];
  readonly #releases = new Map<string, Release>();
  readonly #listing: Stale<readonly Manifest[]>;

  constructor(source: StoredSource, bundled: BundledSource, graphs: Graphs, options: StaleOptions) {
    this.#source = source;
    this.#graphs = graphs;
    this.#admission = admission(source, bundled, graphs);
    this.#options = options;
    this.#bundled = newestFirst(bundled.manifests);
    this.#listing = new Stale<readonly Manifest[]>('list of models', () => this.#list(), options);
  }

  /**
   * Lists every version with an alias; of each model, its production first.
   * @throws if they were never read.
   */
  list(): Promise<readonly Manifest[]> {
    return this.#listing.get();
  }

  /** Reads the bucket again, at once. @throws if it cannot be read, and never was. */
  async reload(): Promise<void> {
    for (const [name, release] of this.#releases) {
      // Callers may ask for any name: missing models are looked for again on the next request only.
      if (release.exists) await release.reload();
      else this.#releases.delete(name);
    }
    await this.#listing.reload();
  }

  /** Returns the aliases of all models that were asked for or listed, as they were read last. */
  knownAliases(): KnownAlias[] {
    return [...this.#releases.values()].flatMap((release) => release.knownAliases());
  }

  /** Lists the versions of one model that have an alias. */
  listOf(name: string): Promise<readonly Manifest[]> {
    return this.release(name).list();
  }

  /** Returns the release of a name, even if the bucket may not have such a model. */
  release(name: string): Release {
    const known = this.#releases.get(name);
    if (known) return known;
    if (this.#releases.size >= MAX_RELEASES) {
      for (const [each, { exists }] of this.#releases) if (!exists) this.#releases.delete(each);
    }
    const release = new Release(name, {
      ...this.#options,
      read: (aliases) => this.#source.aliases(name, aliases),
      admission: this.#admission,
      fallback: this.#bundled.find((manifest) => manifest.name === name),
    });
    this.#releases.set(name, release);
    return release;
  }

  /**
   * Finds the version that answers; undefined if the bucket does not have the model, or the alias is not set.
   * @throws {Error} if the aliases were never read, or no version can be loaded.
   */
  async find(
    name: string,
    { alias, routing, graphs, isBundled }: UnversionedRequest,
  ): Promise<Manifest | undefined> {
    const release = this.release(name);
    const aliases = await release.aliases(!isBundled);
    if (!aliases) return undefined;
    this.#graphs.need(name, graphs);
    if (alias === undefined) return release.answer(aliases, routing);
    if (alias === 'production') return release.production(aliases);
    const canary = alias === 'canary' && (await release.canary(aliases));
    if (canary) return canary;
    const version = aliasedVersion(aliases, alias);
    return version === undefined ? undefined : this.version(name, version);
  }

  /** Returns the shadow of a version in production, without reading; undefined if there is none. */
  shadowOf(answered: Manifest): Shadow | undefined {
    return this.#releases.get(answered.name)?.shadow(answered);
  }

  /** Returns one version, with or without an alias; undefined if there is no such version. */
  async version(name: string, version: string): Promise<Manifest | undefined> {
    const held = this.#releases.get(name)?.held(version);
    if (held) return held;
    try {
      return await this.#admission.manifest(name, version);
    } catch (error) {
      if (error instanceof MissingVersionError) return undefined;
      throw error;
    }
  }

  async #list(): Promise<Manifest[]> {
    const names = await this.#source.names();
    const manifests: Manifest[] = [];
    for (let start = 0; start < names.length; start += CONNECTIONS) {
      const releases = names.slice(start, start + CONNECTIONS).map((name) => this.release(name));
      const lists = await Promise.allSettled(releases.map((release) => release.list()));
      // Failures have been logged; those models are left out.
      for (const list of lists) if (list.status === 'fulfilled') manifests.push(...list.value);
    }
    return manifests;
  }
}
