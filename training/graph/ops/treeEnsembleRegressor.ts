/** `TreeEnsembleRegressor`: sums of the leaves that rows reach in binary trees. */
import type { Attributes, Op, Value } from '../types.ts';
import { apply, float32, shapeError } from '../value.ts';
import { requireFloat32 } from './shapeRules.ts';

/** A node of a tree, at its position: a leaf if it has no branches. */
export type TreeNode = TreeBranch | { readonly leaf: number };

export interface TreeBranch {
  /** The column that is compared with the threshold. */
  readonly column: number;
  readonly threshold: number;
  /** Positions of the nodes for values up to the threshold and above it. */
  readonly below: number;
  readonly above: number;
}

/** Nodes of a tree, the root first. */
export type Tree = readonly TreeNode[];

/** ONNX ML `TreeEnsembleRegressor` with branches by `<=` and one output, the sum over the trees, `[N, 1]`. */
export const treeEnsembleRegressorOp: Op = {
  type: 'TreeEnsembleRegressor',
  domain: 'ai.onnx.ml',
  attributes: {
    aggregate_function: 'string',
    n_targets: 'int',
    nodes_falsenodeids: 'ints',
    nodes_featureids: 'ints',
    nodes_modes: 'strings',
    nodes_nodeids: 'ints',
    nodes_treeids: 'ints',
    nodes_truenodeids: 'ints',
    nodes_values: 'floats',
    post_transform: 'string',
    target_ids: 'ints',
    target_nodeids: 'ints',
    target_treeids: 'ints',
    target_weights: 'floats',
  },
  infer: ([x], { nodes_featureids }) => {
    requireFloat32('TreeEnsembleRegressor', [x!]);
    const least = (nodes_featureids as readonly number[]).reduce((most, own) => Math.max(most, own), 0) + 1;
    const width = x!.shape[1];
    if (x!.shape.length !== 2 || typeof width !== 'number' || width < least)
      throw shapeError('TreeEnsembleRegressor', `needs rows of at least ${least} columns`, [x!]);
    return float32([x!.shape[0]!, 1]);
  },
  // Fitted after training: nothing is trained through it.
  gradient: null,
  kernel: (tf, [x], attributes) => {
    const trees = treesOf(attributes);
    const [rows, width] = x!.shape as [number, number];
    const data = x!.dataSync<'float32'>();
    const sums = Float32Array.from({ length: rows }, (_, row) =>
      trees.reduce((sum, tree) => sum + leafOf(tree, data.subarray(row * width, (row + 1) * width)), 0),
    );
    return [tf.tensor2d(sums, [rows, 1])];
  },
};

/** Sums the leaves that each row `[N, width]` reaches in the trees, `[N, 1]`. */
export function treeEnsembleRegressor(x: Value, trees: readonly Tree[]): Value {
  const attributes = known.get(trees) ?? attributesOf(trees);
  known.set(trees, attributes);
  return apply(treeEnsembleRegressorOp, [x], attributes);
}

/** A forest is part of a dozen graphs while its model is packaged, and has tens of thousands of nodes. */
const known = new WeakMap<readonly Tree[], Attributes>();

function attributesOf(trees: readonly Tree[]): Attributes {
  const nodes = trees.flatMap((tree, treeId) => tree.map((node, nodeId) => ({ node, nodeId, treeId })));
  const leaves = nodes.flatMap(({ node, ...place }) =>
    'leaf' in node ? [{ ...place, leaf: node.leaf }] : [],
  );
  const branch = (of: (branch: TreeBranch) => number) =>
    nodes.map(({ node }) => ('leaf' in node ? 0 : of(node)));
  return {
    aggregate_function: 'SUM',
    n_targets: 1,
    nodes_falsenodeids: branch(({ above }) => above),
    nodes_featureids: branch(({ column }) => column),
    nodes_modes: nodes.map(({ node }) => ('leaf' in node ? 'LEAF' : 'BRANCH_LEQ')),
    nodes_nodeids: nodes.map(({ nodeId }) => nodeId),
    nodes_treeids: nodes.map(({ treeId }) => treeId),
    nodes_truenodeids: branch(({ below }) => below),
    nodes_values: branch(({ threshold }) => threshold),
    post_transform: 'NONE',
    target_ids: leaves.map(() => 0),
    target_nodeids: leaves.map(({ nodeId }) => nodeId),
    target_treeids: leaves.map(({ treeId }) => treeId),
    target_weights: leaves.map(({ leaf }) => leaf),
  };
}

/** Returns the leaf that a row reaches. */
export function leafOf(tree: Tree, row: ArrayLike<number>): number {
  let node = tree[0]!;
  while (!('leaf' in node)) node = tree[row[node.column]! <= node.threshold ? node.below : node.above]!;
  return node.leaf;
}

function treesOf(attributes: Attributes): Tree[] {
  const list = (name: string) => attributes[name] as readonly number[];
  const leaves = new Map(
    list('target_weights').map((leaf, i) => [
      `${list('target_treeids')[i]} ${list('target_nodeids')[i]}`,
      leaf,
    ]),
  );
  const trees: TreeNode[][] = [];
  list('nodes_treeids').forEach((treeId, i) => {
    trees[treeId] ??= [];
    const nodeId = list('nodes_nodeids')[i]!;
    trees[treeId][nodeId] =
      (attributes.nodes_modes as readonly string[])[i] === 'LEAF'
        ? { leaf: leaves.get(`${treeId} ${nodeId}`)! }
        : {
            column: list('nodes_featureids')[i]!,
            threshold: list('nodes_values')[i]!,
            below: list('nodes_truenodeids')[i]!,
            above: list('nodes_falsenodeids')[i]!,
          };
  });
  return trees;
}
