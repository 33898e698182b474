import { type AliasName, aliasedVersion } from '../../shared/aliases.ts';
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import { type Admission, admission, MissingVersionError } from './admission.ts';
import { newestFirst } from './find.ts';
import type { Graphs } from './graphs.ts';
import { Release, type Routing } from './release.ts';
import type { BundledSource, StoredSource } from './source.ts';
import { Stale, type StaleOptions } from './stale.ts';

/** Anybody can ask for any name; of more than these, those that are not there are forgotten. */
const MAX_RELEASES = 1000;
/** A Worker has up to 6 connections open at once. */
const CONNECTIONS = 6;

/** A request that names no version. */
interface UnversionedRequest {
  readonly alias: AliasName | undefined;
  /** Decides about the canary's share of the requests that name no alias either. */
  readonly routing: Routing | undefined;
  /** What is going to be run. */
  readonly graphs: readonly GraphName[];
  /** Whether there is another answer where the bucket does not have the model. */
  readonly isBundled: boolean;
}

/** The models of a bucket. */
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

  /** Every version that an alias names, of each model its production first. @throws where they were never read. */
  list(): Promise<readonly Manifest[]> {
    return this.#listing.get();
  }

  /** Reads again at once what there is. @throws where it cannot be read, and never was. */
  async reload(): Promise<void> {
    for (const [name, release] of this.#releases) {
      // Anybody can ask for any name: those that are not there are looked for when somebody asks again.
      if (release.exists) await release.reload();
      else this.#releases.delete(name);
    }
    await this.#listing.reload();
  }

  /** What `list` lists, of one model. */
  listOf(name: string): Promise<readonly Manifest[]> {
    return this.release(name).list();
  }

  /** One model; it may turn out not to exist. */
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
   * The version that answers; undefined where the bucket does not have the model, or not this alias of it.
   * @throws {Error} where that was never read, or no version can be loaded.
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

  /** One version, whether or not an alias names it; undefined where there is none. */
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
      // What cannot be read has been logged, and is left out.
      for (const list of lists) if (list.status === 'fulfilled') manifests.push(...list.value);
    }
    return manifests;
  }
}
