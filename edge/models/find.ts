/** References to models, and the problems of references that match none. */
import { AliasName } from '../../shared/aliases.ts';
import { type Manifest, ModelName, ModelVersion } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';

/** `name`, `name@version` or `name@alias`. */
export interface ModelReference {
  readonly name: string;
  readonly version?: string;
  readonly alias?: AliasName;
}

/** References that were parsed. Clients choose them: at this number, all are forgotten. */
const parsed = new Map<string, ModelReference>();
const MOST = 256;

/**
 * Parses a reference; undefined if it is malformed.
 *
 * @example
 * parseReference('digits@0a1b2c3d4e5f'); // { name: 'digits', version: '0a1b2c3d4e5f' }
 */
export function parseReference(reference: string): ModelReference | undefined {
  const known = parsed.get(reference);
  if (known !== undefined) return known;
  const found = parse(reference);
  if (found === undefined) return undefined;
  if (parsed.size >= MOST) parsed.clear();
  parsed.set(reference, found);
  return found;
}

function parse(reference: string): ModelReference | undefined {
  const at = reference.indexOf('@');
  const name = at < 0 ? reference : reference.slice(0, at);
  if (!ModelName.safeParse(name).success) return undefined;
  if (at < 0) return { name };
  const selector = reference.slice(at + 1);
  const alias = AliasName.safeParse(selector);
  if (alias.success) return { name, alias: alias.data };
  return ModelVersion.safeParse(selector).success ? { name, version: selector } : undefined;
}

/** Sorts versions by creation time, newest first. */
export function newestFirst(manifests: readonly Manifest[]): Manifest[] {
  return manifests.toSorted(
    // ISO 8601 text in UTC sorts by time.
    (a, b) => compare(b.createdAt, a.createdAt) || compare(a.version, b.version),
  );
}

/** Sorts versions by model name, stably, and drops duplicates. */
export function byName(manifests: readonly Manifest[]): Manifest[] {
  const distinct = new Map(manifests.map((manifest) => [`${manifest.name}@${manifest.version}`, manifest]));
  return [...distinct.values()].toSorted((a, b) => compare(a.name, b.name));
}

/** Returns the problem of a reference without a match, with the names or versions offered instead. */
export function notFound(reference: string, offered: readonly Manifest[]): ProblemError {
  const at = reference.indexOf('@');
  const name = at < 0 ? reference : reference.slice(0, at);
  const versions = offered.filter((manifest) => manifest.name === name).map(({ version }) => version);
  if (versions.length === 0) {
    return new ProblemError('unknown-model', {
      detail: `There is no model ${JSON.stringify(name.slice(0, SHOWN))} here.`,
      received: name.slice(0, SHOWN),
      offered: [...new Set(offered.map((manifest) => manifest.name))],
    });
  }
  const version = reference.slice(at + 1);
  return new ProblemError('unknown-version', {
    detail: `There is no version ${JSON.stringify(version.slice(0, SHOWN))} of ${name} here.`,
    received: version.slice(0, SHOWN),
    offered: versions,
  });
}

/** Characters of a name that a problem repeats. */
const SHOWN = 100;

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
