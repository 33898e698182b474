/** `map.bin`: a sample of the training rows as points, for the map of codes in the playground. */
import { type CodeMap, type MapColumn, writeMap } from '../../shared/mapFile.ts';
import { permutation, random } from '../../shared/random.ts';
import { isSparse, type Rows, type SparseMatrix } from '../../shared/tensor.ts';
import { isView, pickRows, type RowView, takeRows } from '../data/batches.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import { type Column, numbersOf } from '../data/table.ts';
import { codesOf } from '../evaluate/code.ts';
import { rowScores } from '../evaluate/metrics/reconstruction.ts';
import { outputsOf } from '../evaluate/outputs.ts';
import { pickRaw } from '../preprocess/preprocessing.ts';
import type { ExportedGraphs } from './exportGraphs.ts';

export const MAP_FILE = 'map.bin';

/** Most points, and most rows that are read for them. */
const MOST_POINTS = 100_000;
/** Most numbers of all points together: 16 MiB. Cloudflare's assets have up to 25 MiB each. */
const MOST_VALUES = 2 ** 22;
/** Most bytes of rows without named columns, which everybody who opens the map loads. */
const MOST_ROW_BYTES = 2 ** 23;
/** Rows with more named columns are no records that somebody would read. */
const MOST_COLUMNS = 256;

export interface CodeMapOptions {
  readonly data: Dataset<Rows>;
  /** The rows in each part of the split. */
  readonly parts: Parts;
  readonly graphs: ExportedGraphs;
  readonly seed: number;
}

/** Returns the map of a model's training rows; undefined for codes of one number, which are not reduced. */
export async function codeMap({
  data,
  parts,
  graphs,
  seed,
}: CodeMapOptions): Promise<Uint8Array | undefined> {
  const { reduce, encoder, autoencoder, recommend } = graphs;
  if (reduce === undefined) return undefined;
  const named = data.preprocessing?.columns.map(({ name }) => name) ?? data.featureNames ?? [];
  const columns = isSparse(data.rows) || named.length > MOST_COLUMNS ? 0 : named.length;
  // Two coordinates and an id, a label, a target and a score.
  const most = Math.min(MOST_POINTS, Math.floor(MOST_VALUES / (6 + columns)));
  const shuffled = permutation(parts.train.length, random(seed, 'map'));
  const ids = shuffled.subarray(0, most).map((at) => parts.train[at]!);
  const own = chosen(data.rows, ids);
  const raw = data.preprocessing && pickRaw(data.preprocessing, ids);
  const rows = raw ?? own;
  const codes = await codesOf(encoder, rows);
  const { coordinates_2d: coordinates } = await outputsOf(reduce.model, codes);
  // A recommender reconstructs shares of items: its errors grow with the number of items of a user.
  const scores = recommend === undefined ? await rowScores(autoencoder.model, rows) : undefined;
  const isScored = autoencoder.outputs.some(({ name }) => name === 'anomaly_score');
  const described: [MapColumn, ArrayLike<number>][] = [
    ...labelColumns(data, ids),
    ...(scores ? [[judged(isScored), scores] satisfies [MapColumn, Float32Array]] : []),
    ...(isView(own) ? [] : [itemCounts(own)]),
    ...(raw?.table.columns.map(tableColumn) ?? (columns > 0 ? matrixColumns(own as RowView, named) : [])),
  ];
  return writeMap({
    of: parts.train.length,
    columns: described.map(([column]) => column),
    coordinates: coordinates!,
    ids,
    values: described.map(([, values]) => Float32Array.from(values)),
    ...(isView(own) && named.length === 0
      ? unnamedRows(own, data)
      : { rows: null, stored: new Uint8Array() }),
  });
}

/** Dense rows are not copied: all those of the map could take as much memory as the data. */
function chosen(rows: Rows, indices: Uint32Array): SparseMatrix | RowView {
  if (isSparse(rows)) return pickRows(rows, indices);
  return { of: rows, indices, rowCount: indices.length, width: rows.width };
}

const judged = (isScored: boolean): MapColumn => ({
  name: isScored ? 'anomaly score' : 'error',
  role: 'judged',
});

function* labelColumns(
  { labels, target }: Dataset<Rows>,
  ids: Uint32Array,
): Generator<[MapColumn, Float32Array]> {
  const of = (rows: ArrayLike<number>) => Float32Array.from(ids, (id) => rows[id] ?? Number.NaN);
  if (labels) {
    const { name = 'label', classes: categories, rows } = labels;
    // -1 is an unknown class.
    const values = of(rows).map((index) => (index < 0 ? Number.NaN : index));
    yield [{ name, role: 'label', categories }, values];
  }
  if (target) yield [{ name: target.name, role: 'label' }, of(target.rows)];
}

/** How much is known of each user of a recommender: the items themselves are not in the file. */
function itemCounts({ rowStarts, rowCount }: SparseMatrix): [MapColumn, Float32Array] {
  const counts = Float32Array.from({ length: rowCount }, (_, row) => rowStarts[row + 1]! - rowStarts[row]!);
  return [{ name: 'number of items', role: 'column' }, counts];
}

function tableColumn(column: Column): [MapColumn, ArrayLike<number>] {
  const { name } = column;
  const role = 'column';
  if (column.type === 'category') return [{ name, role, categories: column.categories }, numbersOf(column)];
  return [{ name, role, ...(column.type === 'boolean' && { categories: ['no', 'yes'] }) }, column.values];
}

function matrixColumns(
  { of: { data, width }, indices }: RowView,
  names: readonly string[],
): [MapColumn, Float32Array][] {
  return names.map((name, i) => {
    return [{ name, role: 'column' }, Float32Array.from(indices, (row) => data[row * width + i]!)];
  });
}

/** Rows of images as bytes, to the nearest of 256 steps; others as they are. */
function unnamedRows(
  { of, indices, rowCount, width }: RowView,
  { rowShape, targetShape = rowShape }: Dataset<Rows>,
): Pick<CodeMap, 'rows' | 'stored'> {
  const isImage = targetShape.length > 1;
  const count = Math.min(rowCount, Math.floor(MOST_ROW_BYTES / (width * (isImage ? 1 : 4))));
  const { data: kept } = takeRows(of, indices.subarray(0, count));
  let [low, high] = [0, 0];
  for (const value of kept) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const scale = high === low ? 0 : 255 / (high - low);
  return {
    rows: { count, width, type: isImage ? 'uint8' : 'float32', low, high },
    stored: isImage ? steps(kept, (value) => Math.round((value - low) * scale)) : kept,
  };
}

/** `Uint8Array.from` takes seconds for the millions of values of a few thousand images. */
function steps(values: Float32Array, stepOf: (value: number) => number): Uint8Array<ArrayBuffer> {
  const stored = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) stored[i] = stepOf(values[i]!);
  return stored;
}
