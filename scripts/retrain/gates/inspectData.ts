/** What the gates on data are asked: the new data, described as the champion's was. */
import type { Manifest } from '../../../shared/manifest.ts';
import type { Rows } from '../../../shared/tensor.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { describedColumns, type Profile, profileOf } from '../../../training/data/profile.ts';
import type { JournalEntry } from '../journal.ts';
import type { Reference } from '../references.ts';
import { withSameCategories } from './data/sameCategories.ts';
import type { DataInput } from './gate.ts';

export interface InspectedChampion {
  /** Undefined if only the data is known. */
  readonly manifest: Manifest | undefined;
  /** Undefined for artifacts of earlier releases. */
  readonly profile: Profile | undefined;
  /** The version promoted some weeks before. */
  readonly reference?: Reference | undefined;
}

/** @param labelsFollow True for rows of production, whose labels come later. */
export function dataInput(
  data: Dataset<Rows>,
  champion: InspectedChampion | undefined,
  usualRows: number | undefined,
  at: number,
  labelsFollow = false,
): DataInput {
  const columns = describedColumns(data);
  return {
    now: withSameCategories(profileOf(data), columns, champion?.profile),
    before: champion?.profile,
    reference: champion?.reference,
    usualRows,
    data,
    columns,
    champion: champion?.manifest,
    at,
    lateLabel: labelsFollow ? data.labels?.name : undefined,
  };
}

/** Promoted versions that the usual number of rows is the median of. */
const USUAL = 10;

/**
 * Returns the median number of rows of the last promoted versions; before the journal knows any, that of the
 * champion.
 */
export function usualRowsOf(
  entries: readonly JournalEntry[],
  champion: InspectedChampion | undefined,
): number | undefined {
  const promoted = new Set(
    entries.filter(({ event, outcome }) => event === 'ended' && outcome === 'promoted').map(({ run }) => run),
  );
  const counts = entries.flatMap(({ run, event, step, details }) => {
    const rows = (details?.found as { readonly rows?: number } | undefined)?.rows;
    return event === 'done' && step === 'inspect' && rows !== undefined && promoted.has(run) ? [rows] : [];
  });
  const last = counts.slice(-USUAL).sort((a, b) => a - b);
  if (last.length > 0) return last[Math.floor((last.length - 1) / 2)];
  const rows = champion?.manifest?.data.rows;
  return champion?.profile?.rows ?? (rows && rows.train + rows.validation + rows.test);
}
