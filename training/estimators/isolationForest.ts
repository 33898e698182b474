/** Isolation forests (Liu, Ting & Zhou, 2008): unusual rows end in fewer random divisions than others. */
import { permutation, type Random, random } from '../../shared/random.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Tree, TreeNode } from '../graph/ops/treeEnsembleRegressor.ts';

/** The number of trees and the rows per tree of the publication. */
const TREES = 100;
const SAMPLE = 256;

export interface IsolationForest {
  /** Each leaf holds the path length of its rows, divided by the number of trees: rows sum to their mean. */
  readonly trees: readonly Tree[];
  /** Mean path length of an unsuccessful search among as many rows as a tree was grown from. */
  readonly typicalLength: number;
}

export interface IsolationForestOptions {
  /**
   * Columns that count as one when a division is drawn, such as the values of a one-hot encoding; each
   * column on its own by default.
   */
  readonly groups?: readonly (readonly number[])[];
  readonly seed: number;
}

export function fitIsolationForest(
  rows: Matrix,
  { groups = Array.from({ length: rows.width }, (_, column) => [column]), seed }: IsolationForestOptions,
): IsolationForest {
  const source = random(seed, 'isolation-forest');
  const size = Math.min(SAMPLE, rows.rowCount);
  const depth = Math.ceil(Math.log2(Math.max(2, size)));
  const trees = Array.from({ length: TREES }, () => {
    const sample = permutation(rows.rowCount, source).subarray(0, size);
    return grow(rows, sample, { groups, depth, source });
  });
  return { trees, typicalLength: searchLength(size) };
}

interface Growing {
  readonly groups: readonly (readonly number[])[];
  /** Most divisions on a path. */
  readonly depth: number;
  readonly source: Random;
}

function grow(rows: Matrix, sample: Uint32Array, { groups, depth, source }: Growing): Tree {
  const nodes: TreeNode[] = [];
  const add = (members: Uint32Array, level: number): number => {
    const place = nodes.length;
    const drawn = level < depth && members.length > 1 ? draw(rows, members, groups, source) : undefined;
    nodes.push({ leaf: (level + searchLength(members.length)) / TREES });
    if (drawn === undefined) return place;
    const isBelow = (row: number) => rows.data[row * rows.width + drawn.column]! <= drawn.threshold;
    const below = add(members.filter(isBelow), level + 1);
    const above = add(
      members.filter((row) => !isBelow(row)),
      level + 1,
    );
    nodes[place] = { ...drawn, below, above };
    return place;
  };
  add(sample, 0);
  return nodes;
}

/** Draws a column that varies among the members, and a threshold within their range. */
function draw(rows: Matrix, members: Uint32Array, groups: Growing['groups'], source: Random) {
  const left = groups.slice();
  while (left.length > 0) {
    const at = source.integer(left.length);
    const varying = left[at]!.flatMap((column) => {
      const range = rangeOf(rows, members, column);
      return range.high > range.low ? [{ column, ...range }] : [];
    });
    if (varying.length > 0) {
      const { column, low, high } = varying[source.integer(varying.length)]!;
      // As float32, it may round up to `high`, which would divide nothing.
      const threshold = Math.fround(low + source.uniform() * (high - low));
      return { column, threshold: threshold < high ? threshold : low };
    }
    left.splice(at, 1);
  }
  return undefined;
}

function rangeOf({ data, width }: Matrix, members: Uint32Array, column: number) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of members) {
    const value = data[row * width + column]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

const EULER = 0.5772156649015329;

/** Mean path length of an unsuccessful search in a binary search tree of `count` entries. */
function searchLength(count: number): number {
  if (count <= 1) return 0;
  if (count === 2) return 1;
  return 2 * (Math.log(count - 1) + EULER) - (2 * (count - 1)) / count;
}
