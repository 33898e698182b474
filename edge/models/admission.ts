/** Admission: the checks that a version passes before it may answer. */
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import { Memo } from '../runtime/memo.ts';
import { RETRY_SECONDS } from '../runtime/sessions.ts';
import { within } from '../runtime/within.ts';
import type { Graphs } from './graphs.ts';
import type { BundledSource, StoredSource } from './source.ts';
import { verifiedGraph } from './verify.ts';

/** Cached manifests of versions without an alias; a `Release` holds those with one. */
const MANIFESTS = 32;
/** Versions remembered as fully checked; an entry is only a name. */
const CHECKED = 1000;
/** Seconds before a version that failed its full check is downloaded again. */
const RECHECK_SECONDS = 60;
/** Limit of a full check: Workers drop work that continues for 30 s after the answer. */
const CHECK_MS = 20_000;

export interface Admission {
  /** Returns the manifest of a version. @throws {MissingVersionError} if there is no such version. */
  manifest(name: string, version: string): Promise<Manifest>;
  /**
   * Returns the manifest once every graph that requests to the model need is loaded and, if `whole`, every
   * other graph is verified.
   * @throws {Error} if any of that fails.
   */
  admit(name: string, version: string, whole: boolean): Promise<Manifest>;
}

export class MissingVersionError extends Error {
  override readonly name = 'MissingVersionError';
}

/** Creates the admission of versions from `stored`; bundled versions are trusted, and not read again. */
export function admission(stored: StoredSource, bundled: BundledSource, graphs: Graphs): Admission {
  const manifests = new Memo<Manifest>({ capacity: MANIFESTS, retryMs: RETRY_SECONDS * 1000 });
  const checked = new Memo<void>({ capacity: CHECKED, retryMs: RECHECK_SECONDS * 1000 });

  const manifest: Admission['manifest'] = async (name, version) =>
    bundled.manifests.find((each) => each.name === name && each.version === version) ??
    manifests.get(`${name}@${version}`, async () => {
      const found = await stored.manifest(name, version);
      if (found) return found;
      throw new MissingVersionError(`${name}@${version}: is not in the bucket`);
    });

  /** Verifies the graphs one at a time, so that only one is in memory. */
  const checkGraphs = async (each: Manifest): Promise<void> => {
    for (const [graph] of graphEntries(each.graphs)) await verifiedGraph(stored, each, graph);
  };

  return {
    manifest,
    admit: async (name, version, whole) => {
      const found = await manifest(name, version);
      await graphs.warm(found);
      if (whole && !bundled.manifests.includes(found)) {
        const reference = `${name}@${version}`;
        await checked.get(reference, () => within(CHECK_MS, reference, checkGraphs(found)));
      }
      return found;
    },
  };
}
