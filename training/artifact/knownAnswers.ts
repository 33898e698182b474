/**
 * Known answers: a few test rows, or a made-up user, with the model's answers, stored in the artifact to test
 * deployments.
 */
import { ANSWERED, type AnsweredOperation, type KnownAnswers } from '../../shared/answers.ts';
import type { Features } from '../../shared/features.ts';
import type { GraphName, OperationName, SomeGraphs } from '../../shared/manifest.ts';
import { isSparse, type Rows, type Tensors } from '../../shared/tensor.ts';
import { firstRows } from '../data/batches.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { openNative } from '../engines/inference.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { rawRows } from '../preprocess/preprocessing.ts';
import { fedBatches } from './parity.ts';

/** Most rows, and most values over all rows. */
const ROWS = 4;
const MOST_VALUES = 4096;

const GRAPHS: Readonly<Record<AnsweredOperation, GraphName>> = {
  encode: 'encoder',
  reconstruct: 'autoencoder',
  predict: 'predict',
};

export interface AnswersOptions {
  readonly graphs: SomeGraphs<ExportedGraph>;
  readonly operations: readonly OperationName[];
  readonly test: Rows;
  /** The same rows in the form that the graphs take, if these preprocess columns. */
  readonly raw: Preprocessing | undefined;
  readonly features: Features;
}

/** Returns undefined for models of sparse rows that recommend nothing, or know a single item. */
export async function knownAnswers({
  graphs,
  operations,
  test,
  raw,
  features,
}: AnswersOptions): Promise<KnownAnswers | undefined> {
  if (isSparse(test)) {
    if (graphs.recommend === undefined || test.width < 2) return undefined;
    return { rows: [], answers: {}, recommend: await recommended(graphs.recommend.model, features) };
  }
  const count = Math.max(1, Math.min(ROWS, test.rowCount, Math.floor(MOST_VALUES / test.width)));
  const indices = Uint32Array.from({ length: count }, (_, row) => row);
  const batches =
    raw === undefined ? fedBatches(firstRows(test, count), count) : rawRows(raw, indices)(count, count);
  const [fed] = [...batches];
  const answers: Partial<Record<AnsweredOperation, (number | null)[][]>> = {};
  for (const operation of Object.keys(ANSWERED) as AnsweredOperation[]) {
    const graph = graphs[GRAPHS[operation]];
    if (graph === undefined || !operations.includes(operation)) continue;
    const session = await openNative(graph.model);
    const outputs = await session.runTensors(fed!);
    await session.release();
    answers[operation] = unpacked(outputs[graph.outputs[0]!.name]!.data, count) as (number | null)[][];
  }
  return { rows: rowsOf(fed!, count), answers };
}

/** Items of the made-up user, and items that are recommended. */
const [GIVEN, WANTED] = [5, 10];

/** The user has the most popular items: the items of a real one would be personal data. */
async function recommended(
  model: Uint8Array,
  { names, statistics }: Features,
): Promise<NonNullable<KnownAnswers['recommend']>> {
  const shares = statistics.mean.map((share, item) => ({ share: share ?? 0, item }));
  const popular = shares.sort((a, b) => b.share - a.share || a.item - b.item).map(({ item }) => item);
  const given = popular.slice(0, Math.max(1, Math.min(GIVEN, popular.length - 1)));
  const count = Math.max(1, Math.min(WANTED, popular.length - given.length));
  const ids = int64s(given.map(BigInt));
  const session = await openNative(model);
  const outputs = await session.runTensors({
    items: ids,
    excluded: ids,
    allowed: int64s([-1n]),
    k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(count)) },
  });
  await session.release();
  const idOf = (item: number) => names?.[item] ?? `${item}`;
  const scores = Array.from(outputs.scores!.data, Number);
  return {
    items: given.map(idOf),
    recommended: Array.from(outputs.recommended!.data, Number).flatMap((item, rank) =>
      item < 0 ? [] : [{ item: idOf(item), score: scores[rank]! }],
    ),
  };
}

function int64s(values: readonly bigint[]): Tensors[string] {
  return { dtype: 'int64', shape: [1, values.length], data: BigInt64Array.from(values) };
}

/** Rows from one tensor of rows, or from one tensor for each column. */
function rowsOf(fed: Tensors, count: number): KnownAnswers['rows'] {
  const parts = Object.values(fed).map(({ data }) => unpacked(data, count));
  return Array.from({ length: count }, (_, row) => parts.flatMap((part) => part[row]!));
}

/**
 * Rows of a tensor; NaN and empty categories become null, since JSON has no NaN and the API no empty
 * category.
 */
function unpacked(data: ArrayLike<unknown>, count: number): (number | string | null)[][] {
  const width = data.length / count;
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const value = data[row * width + column];
      if (typeof value === 'string') return value === '' ? null : value;
      return Number.isFinite(Number(value)) ? Number(value) : null;
    }),
  );
}
