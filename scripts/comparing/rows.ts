/** The rows that models are compared on: the same for all, and none that a model has seen in training. */
import { InputError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { splitSeedOf } from '../../shared/splitSeed.ts';
import type { Rows } from '../../shared/tensor.ts';
import { type Dataset, fingerprint } from '../../training/data/dataset.ts';
import { hashesOf, keysOf } from '../../training/data/rowKeys.ts';
import { FEWEST, unseenAmong } from '../../training/data/seenRows.ts';
import { partsOf } from '../../training/data/split.ts';
import { count } from '../../training/report/format.ts';
import { TrainingConfig } from '../../training/settings.ts';
import { evaluationData } from '../cli/evaluationData.ts';
import { type HeldOut, rowsAt, withoutCopies } from '../retrain/metrics/heldOut.ts';
import type { ComparedModel } from './models.ts';

export interface ComparedRows {
  readonly rows: HeldOut;
  readonly source: string;
  /** Number of rows that there were to choose from. */
  readonly available: number;
  /** Number of these that each model has seen in training, by its label; null if it is not known. */
  readonly seen: Readonly<Record<string, number | null>>;
  /** True if rows that a model has seen are among `rows`. */
  readonly withSeen: boolean;
  /** The choice of the rows, as sentences for people. */
  readonly notes: readonly string[];
}

export interface RowOptions {
  /** Location of other rows than those of the data that the first model was trained on. */
  readonly data?: string | undefined;
  /** True to use rows that models have seen, too. */
  readonly keepSeen: boolean;
}

/**
 * Reads the test rows of the data that the first model was trained on, or the rows at `data`, and leaves out
 * those that a model has seen. Of a filter that covers only a part of the rows, only that part is used.
 * @throws {InputError} if the rows cannot be read, or are not those that the first model was trained on.
 */
export async function comparedRows(
  models: readonly ComparedModel[],
  { data: path, keepSeen }: RowOptions,
): Promise<ComparedRows> {
  const { manifest } = models[0]!;
  const data = await evaluationData(manifest, path);
  const isTraining = path === undefined;
  if (isTraining) requireSame(data, manifest);
  const own = ownTest(data);
  const hashes = keysOf(own);
  const { rows, copies } =
    isTraining && own === data ? heldOutIn(data, manifest) : { rows: all(own.rows.rowCount), copies: 0 };
  const seen: Record<string, number | null> = {};
  const partial: string[] = [];
  let unseen: readonly number[] = Array.from(rows);
  for (const { label, manifest: each, profile } of models) {
    if (isTraining && isSplitAlike(each, manifest)) {
      seen[label] = 0;
      continue;
    }
    const filter = profile?.seen;
    seen[label] = null;
    if (filter === undefined) continue;
    const { every } = filter;
    const covered = rows.filter((row) => hashes.low[row]! % every === 0);
    seen[label] = covered.length - unseenAmong(filter, hashes, covered).length;
    unseen = unseenAmong(filter, hashes, unseen);
    if (every > 1)
      partial.push(
        `${label} was trained on many rows and records what it has seen of one in ${every}: others are left out`,
      );
  }
  const withSeen = unseen.length < rows.length && (keepSeen || unseen.length < FEWEST);
  const used = withSeen ? rows : Uint32Array.from(unseen);
  const notes = notesOf({
    ...{ rows: rows.length, used: used.length, seen, withSeen },
    isTraining,
    keepSeen,
  });
  return {
    ...{ rows: rowsAt(own, used), source: data.source, available: rows.length, seen, withSeen },
    notes: [
      `rows: ${count(used.length)} of ${data.source}`,
      ...copied(copies),
      ...notes,
      ...(withSeen ? [] : partial),
      ...(data.notes ?? []),
    ],
  };
}

/** The published test set as a data set of its own; the data itself if there is none. */
function ownTest(data: Dataset<Rows>): Dataset<Rows> {
  const { test, parts, labels, target, identities: _, ...rest } = data;
  if (test === undefined || parts !== undefined) return data;
  return {
    ...rest,
    rows: test,
    ...(labels?.test && { labels: { ...labels, rows: labels.test } }),
    ...(target?.test && { target: { ...target, rows: target.test } }),
  };
}

/** The test part of the split that the model was trained with, without copies of other rows. */
function heldOutIn(data: Dataset<Rows>, manifest: Manifest): { rows: Uint32Array; copies: number } {
  const { validationShare, testShare } = sharesOf(manifest);
  const shares = { validation: validationShare, test: testShare };
  const { train, validation, test } = partsOf(data, shares, splitSeedOf(manifest));
  const unique = withoutCopies(hashesOf(data), test, [train, validation]);
  if (unique.length < FEWEST) return { rows: test, copies: 0 };
  return { rows: Uint32Array.from(unique), copies: test.length - unique.length };
}

const Shares = TrainingConfig.pick({ validationShare: true, testShare: true });

function sharesOf({ recipe: { config } }: Manifest) {
  const { validationShare, testShare } = config;
  return Shares.parse({ validationShare, testShare });
}

/** True if both models were trained on the same part of the same rows. */
function isSplitAlike(a: Manifest, b: Manifest): boolean {
  const of = (manifest: Manifest) => {
    const { validationShare, testShare } = sharesOf(manifest);
    return [manifest.data.fingerprint, splitSeedOf(manifest), validationShare, testShare].join();
  };
  return of(a) === of(b);
}

function requireSame(data: Dataset<Rows>, { name, version, data: recorded }: Manifest): void {
  if (fingerprint(data) === recorded.fingerprint) return;
  throw new InputError(
    `${data.source}: expected the data that ${name}@${version} was trained on, received other rows; name rows to compare on with --data`,
  );
}

function all(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, row) => row);
}

function copied(copies: number): string[] {
  return copies === 0 ? [] : [`test rows left out as copies of rows that were trained on: ${count(copies)}`];
}

interface Choice extends Pick<ComparedRows, 'seen' | 'withSeen'> {
  readonly rows: number;
  readonly used: number;
  readonly isTraining: boolean;
  readonly keepSeen: boolean;
}

function notesOf({ rows, used, seen, withSeen, isTraining, keepSeen }: Choice): string[] {
  const entries = Object.entries(seen);
  const unknown = entries.filter(([, own]) => own === null).map(([label]) => label);
  const some = entries.filter(([, own]) => own !== null && own > 0);
  const parts = some.map(([label, own]) => `${count(own!)} by ${label}`).join(', ');
  const held = isTraining ? 'held out in training' : 'given';
  const first =
    some.length === 0
      ? `no model has seen the ${count(rows)} rows ${held}`
      : withSeen
        ? `of ${count(rows)} rows ${held}, models have seen some in training (${parts}), which flatters them`
        : `of ${count(rows)} rows ${held}, ${count(rows - used)} are left out, which a model has seen or seems to have seen (${parts}); --keep-seen uses them`;
  const few =
    withSeen && !keepSeen ? [`they are used all the same: fewer than ${FEWEST} others decide nothing`] : [];
  const old = unknown.map(
    (label) => `${label} does not record which rows it has seen: train it again with this release`,
  );
  return [unknown.length === entries.length ? `${count(rows)} rows ${held}` : first, ...few, ...old];
}
