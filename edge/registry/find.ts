/** Which manifest a request means. */
import type { Manifest } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';

/** Every version of every model: names in alphabetical order, the newest version of each first. */
export function sortManifests(manifests: readonly Manifest[]): Manifest[] {
  return manifests.toSorted(
    (a, b) =>
      compare(a.name, b.name) ||
      // ISO 8601 text in UTC sorts by time.
      compare(b.createdAt, a.createdAt) ||
      compare(a.version, b.version),
  );
}

/** The versions served under one name, newest first. */
export function versionsOf(manifests: readonly Manifest[], name: string): string[] {
  return sortManifests(manifests.filter((manifest) => manifest.name === name)).map(({ version }) => version);
}

/**
 * Resolves `name` (the newest version) or `name@version`.
 * @throws {ProblemError} `unknown-model` or `unknown-version`, listing what there is.
 *
 * @example
 * findManifest(manifests, 'digits@0a1b2c3d4e5f');
 */
export function findManifest(manifests: readonly Manifest[], reference: string): Manifest {
  const at = reference.indexOf('@');
  const name = at < 0 ? reference : reference.slice(0, at);
  const candidates = sortManifests(manifests.filter((manifest) => manifest.name === name));
  const newest = candidates[0];
  if (!newest) {
    throw new ProblemError('unknown-model', {
      detail: `There is no model ${JSON.stringify(name)} here.`,
      received: name,
      offered: [...new Set(sortManifests(manifests).map((manifest) => manifest.name))],
    });
  }
  if (at < 0) return newest;
  const version = reference.slice(at + 1);
  const found = candidates.find((manifest) => manifest.version === version);
  if (!found) {
    throw new ProblemError('unknown-version', {
      detail: `There is no version ${JSON.stringify(version)} of ${name} here.`,
      received: version,
      offered: candidates.map((manifest) => manifest.version),
    });
  }
  return found;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
