/** Whether a version may answer. */
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import { Memo } from '../runtime/memo.ts';
import { RETRY_SECONDS } from '../runtime/sessions.ts';
import { within } from '../runtime/within.ts';
import type { Graphs } from './graphs.ts';
import type { BundledSource, StoredSource } from './source.ts';
import { verifiedGraph } from './verify.ts';

/** Manifests of versions that no alias names; those that one names are held by their `Release`. */
const MANIFESTS = 32;
/** Versions checked whole; an entry is nothing but its name. */
const CHECKED = 1000;
/** What a whole version is downloaded for in vain is not downloaded for again for this long. */
const RECHECK_SECONDS = 60;
/** Workers drop what goes on for 30 s after the answer. */
const CHECK_MS = 20_000;

export interface Admission {
  /** The manifest of a version. @throws {MissingVersionError} where there is none. */
  manifest(name: string, version: string): Promise<Manifest>;
  /**
   * The same, once every graph that requests to the model need is loaded and, if `whole`, every other graph is verified.
   * @throws {Error} where any of that fails.
   */
  admit(name: string, version: string, whole: boolean): Promise<Manifest>;
}

export class MissingVersionError extends Error {
  override readonly name = 'MissingVersionError';
}

/** Checks versions of `stored`; those that are bundled, too, need not be read. */
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

  /** One after the other, so that no more than one is in memory. */
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
