/** The rows that training held out, in the form that each version of the model takes. */
import type { Manifest } from '../../../shared/manifest.ts';
import type { Rows } from '../../../shared/tensor.ts';
import type { TrainedArtifact } from '../../../training/artifact/artifact.ts';
import { fittedColumns } from '../../../training/artifact/describeFeatures.ts';
import { pickRows } from '../../../training/data/batches.ts';
import type { Dataset, Labels, Shares } from '../../../training/data/dataset.ts';
import type { Preprocessing } from '../../../training/data/preprocessing.ts';
import type { Profile } from '../../../training/data/profile.ts';
import type { RowHashes } from '../../../training/data/rowHashes.ts';
import { hashesOf, keysOf } from '../../../training/data/rowKeys.ts';
import { FEWEST, unseenAmong } from '../../../training/data/seenRows.ts';
import { partsOf } from '../../../training/data/split.ts';
import type { GraphRows } from '../../../training/evaluate/outputs.ts';
import { encodedDataset } from '../../../training/preprocess/dataset.ts';
import { pickRaw } from '../../../training/preprocess/preprocessing.ts';
import { resolveSettings } from '../../../training/settings.ts';
import type { PreparedRun } from '../../cli/preparedRun.ts';

export type ComparedVersion = Pick<TrainedArtifact, 'manifest' | 'graphs'>;

export interface HeldOut {
  /** The preprocessed rows. */
  readonly test: Rows;
  /** The raw columns of a table, if the graphs preprocess them. */
  readonly raw: Preprocessing | undefined;
  readonly labels: Omit<Labels, 'test'> | undefined;
  readonly target: { readonly name: string; readonly rows: ArrayLike<number> } | undefined;
  /** Names of the features of `test`, if they have any: a recommender's items. */
  readonly names: readonly string[] | null;
  /** The number of rows that were held out, including those that a version has seen. */
  readonly heldOut: number;
  /** The number of these that are new to both versions. If it is below `FEWEST`, `test` has the others, too. */
  readonly unseen: number;
}

/**
 * Returns the held-out rows that neither version has seen in training; copies of training rows are left out.
 * @param champion The profile of the champion, which knows the rows that it has seen.
 */
export function heldOutOf({ recipe, data, settings, splitSeed }: PreparedRun, champion?: Profile): HeldOut {
  const { validationShare, testShare } = resolveSettings(recipe.variant, settings).training;
  return heldOutRows(data, { validation: validationShare, test: testShare }, splitSeed, champion);
}

export function heldOutRows(data: Dataset<Rows>, shares: Shares, seed: number, champion?: Profile): HeldOut {
  const { labels, target, featureNames: names } = data;
  const parts = partsOf(data, shares, seed);
  if (data.parts === undefined && data.test !== undefined) {
    return {
      ...{ test: data.test, raw: undefined, names, heldOut: data.test.rowCount, unseen: data.test.rowCount },
      labels: labels?.test && { ...labels, rows: labels.test },
      target: target?.test && { name: target.name, rows: target.test },
    };
  }
  const unseen = withoutCopies(hashesOf(data), parts.test, [parts.train, parts.validation]);
  const unknown = champion?.seen === undefined ? unseen : unseenAmong(champion.seen, keysOf(data), unseen);
  const rows = unknown.length < FEWEST ? parts.test : Uint32Array.from(unknown);
  return { ...rowsAt(data, rows), heldOut: parts.test.length, unseen: unknown.length };
}

/** Returns the rows at the given indices as held-out rows, all of them. */
export function rowsAt(data: Dataset<Rows>, rows: Uint32Array): HeldOut {
  const { preprocessing, labels, target, featureNames: names } = data;
  const picked = (values: ArrayLike<number>) => Array.from(rows, (row) => values[row]!);
  return {
    test: pickRows(data.rows, rows),
    raw: preprocessing && pickRaw(preprocessing, rows),
    labels: labels && { ...labels, rows: picked(labels.rows) },
    target: target && { name: target.name, rows: picked(target.rows) },
    names,
    ...{ heldOut: rows.length, unseen: rows.length },
  };
}

/** Returns those of the rows that no row of the other parts is equal to. */
export function withoutCopies(
  { high, low }: RowHashes,
  rows: Uint32Array,
  others: readonly Uint32Array[],
): number[] {
  const keyOf = (row: number) => (high[row]! & 0x1fffff) * 2 ** 32 + low[row]!;
  const seen = new Set(others.flatMap((part) => Array.from(part, keyOf)));
  return Array.from(rows).filter((row) => !seen.has(keyOf(row)));
}

/**
 * Returns the rows as the graphs of a version take them.
 * @throws {InputError} if it has columns that the rows lack.
 */
export function rowsFor({ test, raw }: HeldOut, manifest: Manifest): GraphRows {
  const columns = fittedColumns(manifest);
  return columns === undefined || raw === undefined
    ? test
    : encodedDataset(raw.table, columns).preprocessing!;
}
