/**
 * Keeps images between convolutions with the batch as the last axis, `[C, H * W * N]` in place of `[N, C, H, W]`. A
 * convolution is then one matrix product for all rows, its gradient uses the pixels that it has collected, and what is
 * computed number by number needs no other order.
 */
import { simplify } from '../simplify.ts';
import { rebuildNode } from '../substitute.ts';
import { nodesOf, topological } from '../traverse.ts';
import type { Result, Value } from '../types.ts';
import { Layouts } from './layouts.ts';
import { IMAGES, isConvolution, OTHERS } from './rules.ts';

/** Returns the same values, computed with the batch last where that is faster in training. */
export function batchLast(roots: readonly Value[]): readonly Value[] {
  const convolutions = nodesOf(topological(roots)).some((node) => isConvolution(node));
  return convolutions ? simplify(rewritten(roots)) : roots;
}

function rewritten(roots: readonly Value[]): readonly Value[] {
  const layouts = new Layouts();
  for (const value of topological(roots)) {
    if (layouts.has(value)) continue;
    if (value.kind === 'result') rewrite(value, layouts);
    else layouts.first.set(value, value);
  }
  return roots.map((root) => layouts.batchFirst(root));
}

function rewrite(value: Result, layouts: Layouts): void {
  const { node } = value;
  const inLast = IMAGES[node.op.type]?.(value, layouts);
  if (inLast !== undefined) {
    layouts.last.set(value, inLast);
    return;
  }
  const made = OTHERS[node.op.type]?.(value, layouts);
  if (made !== undefined) {
    layouts.first.set(value, made);
    return;
  }
  const outputs = rebuildNode(
    node,
    node.inputs.map((each) => layouts.batchFirst(each)),
  );
  node.outputs.forEach((output, i) => {
    layouts.first.set(output, outputs[i]!);
  });
}
