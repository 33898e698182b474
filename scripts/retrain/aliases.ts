/** Reading and changing the aliases of a model, safe against concurrent changes. */
import { Aliases } from '../../shared/aliases.ts';
import { GateError, InputError } from '../../shared/errors.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { aliasesText } from '../store/publish.ts';
import { readText, replaceText } from '../store/text.ts';
import { type Addressed, nextCommand } from './nextCommand.ts';
import type { Target } from './targets/target.ts';

export interface KnownAliases {
  /** Undefined before the first version. */
  readonly aliases: Aliases | undefined;
  readonly etag: string | undefined;
}

/** Reads aliases. @throws {InputError} if they are damaged. */
export async function readAliases(bucket: ModelBucket, key: string): Promise<KnownAliases> {
  const known = await readDamagedAliases(bucket, key);
  if (known.damage === undefined) return known;
  throw new InputError(
    `${key} is damaged: expected aliases; --status names the command that writes them again`,
    { cause: known.damage },
  );
}

/** Reads aliases that are about to be overwritten. `damage` is the error if they cannot be parsed. */
export async function readDamagedAliases(
  bucket: ModelBucket,
  key: string,
): Promise<KnownAliases & { readonly damage?: unknown }> {
  const known = await readText(bucket, key);
  if (known === undefined) return { aliases: undefined, etag: undefined };
  if (known.damage !== undefined) return { aliases: undefined, etag: known.etag, damage: known.damage };
  try {
    const { data, error } = Aliases.safeParse(JSON.parse(known.text));
    if (error === undefined) return { aliases: data, etag: known.etag };
    // On one line, as what is in force is on the next.
    const members = error.issues.map(({ path, message }) => [...path, message].join(': '));
    return { aliases: undefined, etag: known.etag, damage: new Error(members.join('; ')) };
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

/**
 * Writes aliases.
 * @throws {GateError} if they have changed since they were read; they are then left unchanged.
 */
export async function changeAliases(
  bucket: ModelBucket,
  { key, model, from, to }: AliasChange,
): Promise<void> {
  const text = await aliasesText(bucket, model, to);
  if ((await replaceText(bucket, key, text, from.etag)) !== undefined) return;
  const { aliases } = await readAliases(bucket, key);
  throw changedByOthers(key, from.aliases, aliases);
}

/**
 * Checks that nobody else has changed the aliases since the run began.
 * @throws {GateError} if somebody has.
 */
export function requireUnchanged(key: string, now: Aliases | undefined, before: Aliases | null): void {
  if (shown(before ?? undefined) !== shown(now)) throw changedByOthers(key, before ?? undefined, now);
}

/** @throws {GateError} if the model has a canary, which somebody has yet to decide about. */
export function requireNoCanary(target: Addressed, model: string, aliases: Aliases | undefined): void {
  if (aliases?.canary === undefined) return;
  throw new GateError(
    `${model} already has a canary, version ${aliases.canary.version}: expected none, as nobody would know which of two answers; --promote in place of --rollback keeps it`,
    { next: `to remove it: ${nextCommand(target, 'deploy', '--rollback', model)}` },
  );
}

/**
 * Checks that a version can become the shadow.
 * @throws {InputError} if there is no Worker that could run it, or no version to compare it with.
 * @throws {GateError} if another version is the shadow.
 */
export function requireShadowFits(
  target: Addressed & Pick<Target, 'release'>,
  model: string,
  aliases: Aliases | undefined,
  version?: string,
): void {
  if (!target.release.hasShadows)
    throw new InputError(
      '--shadow: expected a Worker that reads its models from a bucket (--release aliases), as one with bundled models runs one version of each',
    );
  if (aliases === undefined)
    throw new InputError(
      `--shadow: expected a version of ${model} in production, which a shadow is compared with; found none`,
    );
  if (aliases.shadow === undefined || aliases.shadow.version === version) return;
  throw new GateError(
    `${model} already has a shadow, version ${aliases.shadow.version}: expected none, as a Worker asks one`,
    { next: `to end it: ${endShadowLine(target, model)}` },
  );
}

/** The command that ends a shadow. */
export function endShadowLine(target: Addressed, model: string): string {
  return nextCommand(target, 'deploy', '--end-shadow', model);
}

/** Returns aliases for a version that clients are going to see: it is no shadow any more; another one stays. */
export function withoutShadowOf<Named extends Partial<Aliases>>(aliases: Named, version: string): Named {
  if (aliases.shadow?.version !== version) return aliases;
  const { shadow: _, ...others } = aliases;
  return others as Named;
}

function changedByOthers(key: string, expected: Aliases | undefined, found: Aliases | undefined): GateError {
  return new GateError(
    `${key} was changed by someone else: expected ${shown(expected)}, found ${shown(found)}; left unchanged`,
  );
}

/** Renders aliases: `production 0a1b2c3d4e5f, canary fedcba987654 at 10 %`. */
export function shown(aliases: Aliases | undefined): string {
  if (aliases === undefined) return 'none';
  const { production, canary, shadow, previous } = aliases;
  return [
    `production ${production}`,
    ...(canary ? [`canary ${canary.version} at ${canary.percentage} %`] : []),
    ...(shadow ? [`shadow ${shadow.version} of ${shadow.percentage} %`] : []),
    ...(previous ? [`previous ${previous}`] : []),
  ].join(', ');
}
