/** What the version of an artifact is the hash of. */
import type { Manifest } from './manifest.ts';

/** A manifest before it has a version. */
export type ManifestContent = Omit<Manifest, 'version'>;

/**
 * The text whose sha256 begins with the artifact's version: the manifest, which holds every file's hash, without the time
 * it was made and the time it took, with object keys in code unit order, so that equal content has equal text.
 */
export function versionedText(content: ManifestContent): string {
  const { createdAt: _, ...rest } = content;
  const { seconds: __, ...training } = rest.training;
  return canonicalJson({ ...rest, training });
}

/** How many hex digits of the hash are the version. */
export const VERSION_DIGITS = 12;

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
