import { type Aliases, AliasName, aliasedVersion } from '../../shared/aliases.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { Admission } from './admission.ts';
import { reportAvailability } from './availability.ts';
import { isInShare } from './canary.ts';
import type { StoredAliases } from './source.ts';
import { type KeepAlive, Stale, type StaleOptions } from './stale.ts';

/** The key that decides between `production` and `canary`; asked for only where there is a canary. */
export type Routing = () => string | Promise<string>;

interface ReleaseOptions extends StaleOptions {
  readonly read: (known: StoredAliases | undefined) => Promise<StoredAliases | undefined>;
  readonly admission: Admission;
  /** Answers where nothing of the bucket can be loaded. */
  readonly fallback: Manifest | undefined;
}

/** Aliases that stay with the last version that was in order. */
type ServingAlias = Exclude<AliasName, 'previous'>;

/**
 * One model of a bucket: which version answers. Where an alias comes to name another version, the one before goes on
 * answering until the new one is loaded and found in order; for ever if it never is.
 */
export class Release {
  readonly #name: string;
  readonly #admission: Admission;
  readonly #fallback: Manifest | undefined;
  readonly #keepAlive: KeepAlive;
  readonly #stored: Stale<StoredAliases | undefined>;
  readonly #serving = new Map<ServingAlias, Manifest>();
  /** Versions that were not in order when they were last looked at. */
  readonly #broken = new Set<string>();
  /** What the aliases named when they were last listed, by version. */
  #listed = new Map<string, Manifest>();

  constructor(name: string, { read, admission, fallback, ...options }: ReleaseOptions) {
    this.#name = name;
    this.#admission = admission;
    this.#fallback = fallback;
    this.#keepAlive = options.keepAlive;
    const readAndFollow: typeof read = async (known) => {
      const stored = await read(known);
      if (stored && stored !== known) this.#follow(stored.aliases);
      return stored;
    };
    this.#stored = new Stale<StoredAliases | undefined>(`${name}/aliases.json`, readAndFollow, options);
  }

  /** Whether the model is known to be in the bucket. */
  get exists(): boolean {
    return this.#stored.known?.value !== undefined;
  }

  /**
   * The aliases, undefined where the model is not in the bucket.
   * @param waits Whether a model that was not there is looked for before the answer, if it is time for that.
   * @throws where they were never read.
   */
  async aliases(waits = false): Promise<Aliases | undefined> {
    const stored = await (waits && !this.exists ? this.#stored.latest() : this.#stored.get());
    return stored?.aliases;
  }

  /** Looks at once what aliases name, and has what they name answer if it is in order. */
  async reload(): Promise<void> {
    const stored = await this.#stored.reload();
    if (!stored) return;
    const { production, canary } = stored.aliases;
    for (const [slot, version] of [
      ['production', production] as const,
      ['canary', canary?.version] as const,
    ]) {
      if (version !== undefined && this.#serving.get(slot)?.version !== version)
        await this.#promote(slot, version, true);
    }
  }

  /**
   * The version that answers requests that name none; with `routing`, that is the canary for its share of them.
   * @throws {Error} where none can be loaded.
   */
  async answer(aliases: Aliases, routing?: Routing): Promise<Manifest> {
    const { canary } = aliases;
    if (!canary) this.#serving.delete('canary');
    const isCanary = canary && routing && isInShare(this.#name, await routing(), canary.percentage);
    return (isCanary && (await this.canary(aliases))) || this.production(aliases);
  }

  /** @throws {Error} where neither the version nor the one before it can be loaded, and there is no other. */
  async production({ production, previous }: Aliases): Promise<Manifest> {
    const served = await this.#served('production', production);
    const manifest = served ?? (previous && (await this.#promote('production', previous, false)));
    if (manifest) return manifest;
    if (!this.#fallback) throw new Error(`${this.#name}: neither production nor previous can be loaded`);
    this.#serving.set('production', this.#fallback);
    return this.#fallback;
  }

  /** Undefined where there is no canary, or it cannot be loaded. */
  async canary({ canary }: Aliases): Promise<Manifest | undefined> {
    return canary && this.#served('canary', canary.version);
  }

  /** A version that needs no reading. */
  held(version: string): Manifest | undefined {
    const serving = [...this.#serving.values()].find((manifest) => manifest.version === version);
    return serving ?? this.#listed.get(version);
  }

  /** What the aliases name, or answers in its place, production first; what cannot be read is left out. */
  async list(): Promise<Manifest[]> {
    const aliases = await this.aliases();
    const listed = new Map<string, Manifest>();
    for (const alias of AliasName.options) {
      const version = aliases && aliasedVersion(aliases, alias);
      const serving = alias === 'previous' ? undefined : this.#serving.get(alias);
      const manifest = version && (serving ?? this.held(version) ?? (await this.#manifest(version)));
      if (manifest) listed.set(manifest.version, manifest);
    }
    this.#listed = listed;
    return [...listed.values()];
  }

  /** A graph of `manifest` does not load: another version is to answer, if one is in order. */
  failed(manifest: Manifest): void {
    const aliases = this.#stored.known?.value?.aliases;
    if (!aliases) return;
    const { production, previous = production } = aliases;
    if (this.#serving.get('canary') === manifest && production !== manifest.version) {
      const dropped = this.#served('production', production).then((found) => {
        if (found) this.#serving.delete('canary');
      });
      this.#keepAlive(dropped);
    }
    if (this.#serving.get('production') === manifest && previous !== manifest.version) {
      this.#keepAlive(this.#promote('production', previous, false));
    }
  }

  /** Prepares what aliases name anew, where a version answers meanwhile; otherwise the first request does. */
  #follow({ production, canary }: Aliases): void {
    const wanted = { production, canary: canary?.version };
    for (const [slot, { version }] of this.#serving) {
      const next = wanted[slot];
      if (next && next !== version) this.#keepAlive(this.#promote(slot, next, true));
    }
  }

  /** The version `wanted` if it is in order, meanwhile the last one that was; undefined where none has been. */
  async #served(slot: ServingAlias, wanted: string): Promise<Manifest | undefined> {
    const serving = this.#serving.get(slot);
    if (serving?.version === wanted) return serving;
    // Nobody waits for what may well fail again.
    const waits = serving === undefined && !this.#broken.has(wanted);
    const promotion = this.#promote(slot, wanted, serving !== undefined);
    if (waits) return promotion;
    this.#keepAlive(promotion);
    return serving;
  }

  /** Has a version answer if it is in order; where another does meanwhile, there is time to check all of it. */
  async #promote(slot: ServingAlias, version: string, whole: boolean): Promise<Manifest | undefined> {
    const reference = `${this.#name}@${version}`;
    try {
      const manifest = await this.#admission.admit(this.#name, version, whole);
      this.#serving.set(slot, manifest);
      this.#broken.delete(version);
      reportAvailability(reference, 'available');
      return manifest;
    } catch (error) {
      this.#broken.add(version);
      reportAvailability(reference, { error });
      return undefined;
    }
  }

  async #manifest(version: string): Promise<Manifest | undefined> {
    const subject = `${this.#name}/${version}/manifest.json`;
    try {
      const manifest = await this.#admission.manifest(this.#name, version);
      reportAvailability(subject, 'available');
      return manifest;
    } catch (error) {
      reportAvailability(subject, { error });
      return undefined;
    }
  }
}
