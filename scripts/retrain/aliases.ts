/** Which version answers, changed only where nobody else has changed it. */
import { Aliases } from '../../shared/aliases.ts';
import { GateError, InputError } from '../../shared/errors.ts';
import type { VersionedBucket } from '../store/bucket.ts';
import { aliasesText } from '../store/publish.ts';
import { readText, replaceText } from '../store/text.ts';

export interface KnownAliases {
  /** Undefined before the first version. */
  readonly aliases: Aliases | undefined;
  readonly etag: string | undefined;
}

/** @throws {InputError} where they are damaged. */
export async function readAliases(bucket: VersionedBucket, key: string): Promise<KnownAliases> {
  const known = await readDamagedAliases(bucket, key);
  if (known.damage === undefined) return known;
  throw new InputError(
    `${key}: is damaged; write it again with "npm run deploy -- --promote <model>@<version>"`,
    { cause: known.damage },
  );
}

/** The same for who is going to write them anew: `damage` is why they cannot be read. */
export async function readDamagedAliases(
  bucket: VersionedBucket,
  key: string,
): Promise<KnownAliases & { readonly damage?: unknown }> {
  const known = await readText(bucket, key);
  if (known === undefined) return { aliases: undefined, etag: undefined };
  try {
    return { aliases: Aliases.parse(JSON.parse(known.text)), etag: known.etag };
  } catch (damage) {
    return { aliases: undefined, etag: known.etag, damage };
  }
}

export interface AliasChange {
  readonly key: string;
  readonly model: string;
  readonly from: KnownAliases;
  readonly to: Aliases;
}

/** @throws {GateError} where someone else has changed them since they were read; they are left as they are then. */
export async function changeAliases(
  bucket: VersionedBucket,
  { key, model, from, to }: AliasChange,
): Promise<void> {
  const text = await aliasesText(bucket, model, to);
  if ((await replaceText(bucket, key, text, from.etag)) !== undefined) return;
  const { aliases } = await readAliases(bucket, key);
  throw changedByOthers(key, from.aliases, aliases);
}

/** @throws {GateError} where aliases are not what they were when the run began: someone else has changed them. */
export function requireUnchanged(key: string, now: Aliases | undefined, before: Aliases | null): void {
  if (shown(before ?? undefined) !== shown(now)) throw changedByOthers(key, before ?? undefined, now);
}

function changedByOthers(key: string, expected: Aliases | undefined, found: Aliases | undefined): GateError {
  return new GateError(
    `${key} was changed by someone else: expected ${shown(expected)}, found ${shown(found)}; left as it is`,
  );
}

export function shown(aliases: Aliases | undefined): string {
  if (aliases === undefined) return 'none';
  const { production, canary, previous } = aliases;
  return [
    `production ${production}`,
    ...(canary ? [`canary ${canary.version} at ${canary.percentage} %`] : []),
    ...(previous ? [`previous ${previous}`] : []),
  ].join(', ');
}
