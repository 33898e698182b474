/** The release of one model: which of its versions answers, and when a new one takes over. */
import { type Aliases, AliasName, aliasedVersion } from '../../shared/aliases.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { within } from '../runtime/within.ts';
import type { Admission } from './admission.ts';
import { reportAvailability } from './availability.ts';
import { isInShare } from './canary.ts';
import type { StoredAliases } from './source.ts';
import { type KeepAlive, Stale, type StaleOptions } from './stale.ts';

/** Milliseconds for which a request waits at most for aliases that were not read for a while. */
const CATCH_UP_MS = 3000;

/** Returns the key that decides between `production` and `canary`; called only if there is a canary. */
export type Routing = () => string | Promise<string>;

interface ReleaseOptions extends StaleOptions {
  readonly read: (known: StoredAliases | undefined) => Promise<StoredAliases | undefined>;
  readonly admission: Admission;
  /** The version that answers if none of the bucket can be loaded. */
  readonly fallback: Manifest | undefined;
}

/** An alias as this isolate knows it. */
export interface KnownAlias {
  readonly model: string;
  readonly alias: AliasName;
  readonly version: string;
  /** False if another version answers in its place, for instance until this one has passed admission. */
  readonly isInForce: boolean;
}

/** A version that is asked the same as the one in production, and whose answers nobody sees. */
export interface Shadow {
  readonly version: string;
  /** Percentage of the requests, in (0, 100]. */
  readonly percentage: number;
  /** Returns the version as soon as it has passed admission; undefined if it does not. */
  readonly admitted: () => Promise<Manifest | undefined>;
}

/** Aliases that keep serving their last version that passed admission. */
type ServingAlias = Exclude<AliasName, 'previous'>;
const SERVING: readonly ServingAlias[] = ['production', 'canary', 'shadow'];

/**
 * One model of a bucket, and the versions that answer for it. If an alias changes to another version, the
 * former one keeps answering until the new one has passed admission, however long that takes.
 */
export class Release {
  readonly #name: string;
  readonly #admission: Admission;
  readonly #fallback: Manifest | undefined;
  readonly #keepAlive: KeepAlive;
  readonly #stored: Stale<StoredAliases | undefined>;
  readonly #serving = new Map<ServingAlias, Manifest>();
  /** Versions that failed their last admission. */
  readonly #broken = new Set<string>();
  /** Promotions of the versions that the aliases named last; never rejects. */
  #following: Promise<unknown> = Promise.resolve();
  /** Manifests of the last `list`, by version. */
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

  /** True if the model is known to be in the bucket. */
  get exists(): boolean {
    return this.#stored.known?.value !== undefined;
  }

  /**
   * Returns the aliases; undefined if the model is not in the bucket.
   * @param waits True to wait for the next read, if one is due, for a model that was missing so far.
   * @throws if they were never read.
   */
  async aliases(waits = false): Promise<Aliases | undefined> {
    if (this.#stored.isLate) await this.#catchUp();
    const stored = await (waits && !this.exists ? this.#stored.latest() : this.#stored.get());
    return stored?.aliases;
  }

  /**
   * After idle time, the aliases may have changed long ago, for instance by a rollback: waits until they are read
   * and their versions have taken over, but not for long.
   */
  async #catchUp(): Promise<void> {
    const caughtUp = this.#stored.latest().then(() => this.#following);
    await within(CATCH_UP_MS, `${this.#name}/aliases.json`, caughtUp).catch((error: unknown) =>
      reportAvailability(`${this.#name}/aliases.json`, { error }),
    );
  }

  /** Returns the aliases that were read last, without reading. */
  knownAliases(): KnownAlias[] {
    const aliases = this.#stored.known?.value?.aliases;
    if (aliases === undefined) return [];
    return AliasName.options.flatMap((alias) => {
      const version = aliasedVersion(aliases, alias);
      const serving = alias === 'previous' ? undefined : this.#serving.get(alias);
      const isInForce = serving === undefined || serving.version === version;
      return version === undefined ? [] : [{ model: this.#name, alias, version, isInForce }];
    });
  }

  /** Reads the aliases at once, and promotes the versions that they name if these pass admission. */
  async reload(): Promise<void> {
    const stored = await this.#stored.reload();
    if (!stored) return;
    for (const slot of SERVING) {
      const version = aliasedVersion(stored.aliases, slot);
      if (version !== undefined && this.#serving.get(slot)?.version !== version)
        await this.#promote(slot, version, true);
    }
  }

  /**
   * Returns the version that answers requests without a version; with `routing`, that is the canary for its
   * share.
   * @throws {Error} if none can be loaded.
   */
  async answer(aliases: Aliases, routing?: Routing): Promise<Manifest> {
    const { canary, shadow } = aliases;
    if (!canary) this.#serving.delete('canary');
    if (!shadow) this.#serving.delete('shadow');
    const isCanary = canary && routing && isInShare(this.#name, await routing(), canary.percentage);
    return (isCanary && (await this.canary(aliases))) || this.production(aliases);
  }

  /**
   * Returns the version in production, or a fallback.
   * @throws {Error} if neither it nor `previous` can be loaded, and no version is bundled.
   */
  async production({ production, previous }: Aliases): Promise<Manifest> {
    const served = await this.#served('production', production);
    const manifest = served ?? (previous && (await this.#promote('production', previous, false)));
    if (manifest) return manifest;
    if (!this.#fallback) throw new Error(`${this.#name}: neither production nor previous can be loaded`);
    this.#serving.set('production', this.#fallback);
    return this.#fallback;
  }

  /** Returns the canary; undefined if there is none, or it cannot be loaded. */
  async canary({ canary }: Aliases): Promise<Manifest | undefined> {
    return canary && this.#served('canary', canary.version);
  }

  /** Returns the shadow of the version in production; undefined if there is none, or `answered` is another version. */
  shadow(answered: Manifest): Shadow | undefined {
    const shadow = this.#stored.known?.value?.aliases.shadow;
    if (shadow === undefined || this.#serving.get('production') !== answered) return undefined;
    return { ...shadow, admitted: () => this.#served('shadow', shadow.version) };
  }

  /** Returns the manifest of a version if it is in memory. */
  held(version: string): Manifest | undefined {
    const serving = [...this.#serving.values()].find((manifest) => manifest.version === version);
    return serving ?? this.#listed.get(version);
  }

  /**
   * Lists the versions that the aliases name, or that answer in their place, production first; unreadable
   * ones are left out.
   */
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

  /**
   * Handles a graph of `manifest` that does not load: another version takes over, if one passes admission.
   */
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

  /**
   * Promotes newly named versions in the background, if another one answers meanwhile; otherwise the first
   * request does.
   */
  #follow(aliases: Aliases): void {
    const promotions = [...this.#serving].flatMap(([slot, { version }]) => {
      const next = aliasedVersion(aliases, slot);
      return next && next !== version ? [this.#promote(slot, next, true)] : [];
    });
    this.#following = Promise.all(promotions);
    this.#keepAlive(this.#following);
  }

  /**
   * Returns the version `wanted` once it is admitted, and the last admitted one until then; undefined if
   * there is none.
   */
  async #served(slot: ServingAlias, wanted: string): Promise<Manifest | undefined> {
    const serving = this.#serving.get(slot);
    if (serving?.version === wanted) return serving;
    // Requests do not wait for a version that failed before.
    const waits = serving === undefined && !this.#broken.has(wanted);
    const promotion = this.#promote(slot, wanted, serving !== undefined);
    if (waits) return promotion;
    this.#keepAlive(promotion);
    return serving;
  }

  /**
   * Lets a version answer once it passes admission; `whole` checks all graphs, if another version answers
   * meanwhile.
   */
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
