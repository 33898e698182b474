/** The content that the version of an artifact is the hash of. */
import type { Manifest } from './manifest.ts';

/** A manifest before it has a version. */
export type ManifestContent = Omit<Manifest, 'version'>;

/**
 * Returns the text whose sha256 begins with the artifact's version: the manifest, which holds the hash of
 * every file, without its creation time and the training time. Object keys are in code unit order, so equal
 * content has equal text.
 */
export function versionedText(content: ManifestContent): string {
  const { createdAt: _, ...rest } = content;
  const { seconds: __, ...training } = rest.training;
  return canonicalJson({ ...rest, training });
}

/** The number of hex digits of the hash that form the version. */
export const VERSION_DIGITS = 12;

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
