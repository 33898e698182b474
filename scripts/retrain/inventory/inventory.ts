/** Every version of the models in a bucket and on this disk, with what names it. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AliasName, aliasedVersion } from '../../../shared/aliases.ts';
import { GateError, InputError } from '../../../shared/errors.ts';
import { type Manifest, ModelName, ModelVersion } from '../../../shared/manifest.ts';
import { readArtifact } from '../../../training/artifact/artifact.ts';
import { type CandidateMark, candidateMark, candidatesIn } from '../../cli/candidates.ts';
import { listAll, type ModelBucket } from '../../store/bucket.ts';
import { readAliases } from '../aliases.ts';
import { openJournal } from '../journal.ts';
import { type Addressed, nextCommand } from '../nextCommand.ts';
import { DamagedVersionError, damageOf, readStoredManifest } from '../stored.ts';
import type { Target } from '../targets/target.ts';
import { unpromotedIn } from './unpromoted.ts';

/** Places that a version may be in: the bucket, the artifacts on this disk, or the candidates there. */
export const PLACES = ['bucket', 'disk', 'candidate'] as const;
export type Place = (typeof PLACES)[number];

export interface InventoryEntry {
  readonly name: string;
  readonly version: string;
  /** Undefined if it is damaged wherever it is. */
  readonly manifest: Manifest | undefined;
  readonly places: readonly Place[];
  /** Aliases that name the version. */
  readonly aliases: readonly string[];
  /** The fate of a version that was not promoted, or that a rollback replaced; null for others. */
  readonly unpromoted: string | null;
  /** What is missing or damaged of it, in each place where something is. */
  readonly damage: readonly string[];
}

export interface InventoryOptions {
  readonly target: Target;
  /** Folder of the artifacts. */
  readonly out: string;
  /** Name of a model. Default: all models. */
  readonly model?: string;
  /** True to leave the disk as it is; the target then only prints changes of the bucket. */
  readonly dryRun: boolean;
}

interface Found extends Pick<InventoryEntry, 'name' | 'version'> {
  readonly copies: (Copy & { readonly place: Place })[];
  readonly mark: CandidateMark | undefined;
}

/** A version in one place, as far as it can be read. */
interface Copy {
  readonly manifest?: Manifest;
  readonly damage?: string;
}

/** Lists all versions that were complete once, those of each model together, the newest first. */
export async function inventory({ target, out, model }: InventoryOptions): Promise<InventoryEntry[]> {
  const found = new Map<string, Found>();
  const add = (name: string, version: string, place: Place, copy: Copy, mark?: CandidateMark) => {
    const key = `${name}@${version}`;
    const known = found.get(key) ?? { name, version, copies: [], mark };
    known.copies.push({ ...copy, place });
    found.set(key, known);
  };
  const wanted = (name: string) => model === undefined || name === model;
  const { keys } = await listAll(target.bucket, { prefix: model === undefined ? '' : `${model}/` });
  for (const key of keys) {
    const [name = '', version = '', file] = key.split('/');
    if (file !== 'manifest.json' || !isVersion(name, version)) continue;
    add(name, version, 'bucket', await storedCopy(target.bucket, name, version));
  }
  for (const [root, place] of [[out, 'disk'] as const, [candidatesIn(out), 'candidate'] as const]) {
    for (const [name, version] of await versionsIn(root, wanted)) {
      const directory = join(root, name, version);
      add(name, version, place, await copyHere(directory), await candidateMark(directory));
    }
  }
  const entries: InventoryEntry[] = [];
  const histories = new Map<string, ReadonlyMap<string, string>>();
  for (const { name, version, copies, mark } of found.values()) {
    const places = copies.map(({ place }) => place);
    const damage = copies.flatMap((copy) => copy.damage ?? []);
    const manifest = copies.find((copy) => copy.manifest !== undefined)?.manifest;
    const history = histories.get(name) ?? unpromotedIn((await openJournal(target.bucket, name)).entries);
    histories.set(name, history);
    const marked = places.includes('disk') ? undefined : mark?.outcome;
    const unpromoted = history.get(version) ?? marked ?? null;
    const aliases = await aliasesOf(target, name, version);
    entries.push({ name, version, manifest, places, aliases, unpromoted, damage });
  }
  // When one was made whose manifest is damaged, nobody knows.
  const madeAt = ({ manifest }: InventoryEntry) => manifest?.createdAt ?? '';
  return entries.sort((a, b) => a.name.localeCompare(b.name) || madeAt(b).localeCompare(madeAt(a)));
}

async function storedCopy(bucket: ModelBucket, name: string, version: string): Promise<Copy> {
  const damage = await damageOf(bucket, name, version);
  const manifest = await readStoredManifest(bucket, name, version).catch(ifDamaged);
  return { ...(manifest && { manifest }), ...(damage !== undefined && { damage }) };
}

async function copyHere(directory: string): Promise<Copy> {
  try {
    return { manifest: (await readArtifact(directory)).manifest };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { damage: error.message };
  }
}

function ifDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedVersionError)) throw error;
}

/**
 * Deletes a version in every place.
 * @throws {GateError} if an alias names it.
 */
export async function deleteVersion(
  { target, out, dryRun }: InventoryOptions,
  { name, version, aliases }: InventoryEntry,
): Promise<void> {
  if (aliases.length > 0) {
    throw new GateError(
      `${name}@${version} is ${aliases.join(' and ')}: promote another version, or end the shadow, first`,
    );
  }
  // The manifest first: without it, no reader takes the version for complete.
  const prefix = `${name}/${version}/`;
  await target.bucket.delete(`${prefix}manifest.json`);
  for (const key of (await listAll(target.bucket, { prefix })).keys) await target.bucket.delete(key);
  if (dryRun) return;
  for (const root of [out, candidatesIn(out)])
    await rm(join(root, name, version), { recursive: true, force: true });
}

/**
 * Returns the versions that no alias names beyond the newest `keep` of each model; those that were not promoted are
 * counted apart, so that a month of refused nights takes no version away that could be returned to.
 */
export function prunable(entries: readonly InventoryEntry[], keep: number): InventoryEntry[] {
  const seen = new Map<string, number>();
  return entries.filter(({ name, aliases, unpromoted }) => {
    const counted = JSON.stringify([name, unpromoted !== null]);
    const position = (seen.get(counted) ?? 0) + 1;
    seen.set(counted, position);
    return position > keep && aliases.length === 0;
  });
}

/** Finds a version. @throws {InputError} if there is none. */
export function entryOf(
  target: Addressed,
  entries: readonly InventoryEntry[],
  reference: string,
): InventoryEntry {
  const found = entries.find(({ name, version }) => `${name}@${version}` === reference);
  if (found !== undefined) return found;
  throw new InputError(
    `expected a version as model@version, one that "${nextCommand(target, 'models', 'list')}" names, received '${reference}'`,
  );
}

async function aliasesOf(target: Target, name: string, version: string): Promise<string[]> {
  const { aliases } = await readAliases(target.bucket, target.release.key(name));
  return AliasName.options.filter((alias) => aliases && aliasedVersion(aliases, alias) === version);
}

/** Names and versions of the complete artifacts below a folder. */
async function versionsIn(root: string, wanted: (name: string) => boolean): Promise<[string, string][]> {
  if (!existsSync(root)) return [];
  const versions: [string, string][] = [];
  for (const name of await readdir(root)) {
    if (!ModelName.safeParse(name).success || !wanted(name)) continue;
    for (const version of await readdir(join(root, name)))
      if (isVersion(name, version) && existsSync(join(root, name, version, 'manifest.json')))
        versions.push([name, version]);
  }
  return versions;
}

function isVersion(name: string, version: string): boolean {
  return ModelName.safeParse(name).success && ModelVersion.safeParse(version).success;
}

/** Bytes of the graphs of a version. */
export function graphBytes({ graphs }: Manifest): number {
  return Object.values(graphs).reduce((sum, graph) => sum + (graph?.bytes ?? 0), 0);
}
