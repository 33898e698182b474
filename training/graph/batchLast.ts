/**
 * Keeps images between convolutions with the batch as the last axis, `[C, H * W * N]` in place of `[N, C, H, W]`. A
 * convolution is then one matrix product for all rows, its gradient uses the pixels that it has collected, and what is
 * computed number by number needs no other order.
 */
import { reduceSum } from './ops/broadcast.ts';
import { convProduct, convTransposeProduct, type Sides } from './ops/convProducts.ts';
import { reshape } from './ops/reshape.ts';
import { transpose } from './ops/transpose.ts';
import { area, imageOf, windowsOf } from './ops/windows.ts';
import { simplify } from './simplify.ts';
import { rebuildNode } from './substitute.ts';
import { nodesOf, topological } from './traverse.ts';
import type { Node, Result, Value } from './types.ts';
import { apply, sameShape } from './value.ts';

/** Most numbers that a convolution may collect for a row, which bounds the memory of a batch. */
const MOST_COLLECTED = 2 ** 16;

/** Operators that treat every number alike. */
const BY_NUMBER: ReadonlySet<string> = new Set([
  ...['Abs', 'Add', 'Clip', 'Div', 'Elu', 'Erf', 'Exp', 'HardSigmoid', 'LeakyRelu', 'Log', 'Mul', 'Neg'],
  ...['Relu', 'Sigmoid', 'Sign', 'Softplus', 'Sqrt', 'Sub', 'Tanh'],
]);

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

/** The new forms of values: as they were, and, of images, with the batch last. Each is made when it is needed. */
class Layouts {
  readonly first = new Map<Value, Value>();
  readonly last = new Map<Value, Value>();

  has(value: Value): boolean {
    return this.first.has(value) || this.last.has(value);
  }

  batchFirst(value: Value): Value {
    if (!this.first.has(value)) {
      const [, ...sizes] = value.shape as readonly number[];
      this.first.set(value, reshape(this.rows(value), [0, ...sizes]));
    }
    return this.first.get(value)!;
  }

  /** `[C, H * W * N]` */
  batchLast(image: Value): Value {
    if (!this.last.has(image)) {
      const rows = reshape(this.batchFirst(image), [0, featuresOf(image)]);
      this.last.set(image, reshape(transpose(rows, [1, 0]), [image.shape[1] as number, -1]));
    }
    return this.last.get(image)!;
  }

  /** `[C * H * W, N]` */
  columns(image: Value): Value {
    return reshape(this.batchLast(image), [featuresOf(image), -1]);
  }

  /** `[N, C * H * W]` */
  rows(image: Value): Value {
    return transpose(this.columns(image), [1, 0]);
  }
}

function rewrite(value: Result, layouts: Layouts): void {
  const { node } = value;
  const inLast = imageInLast(value, layouts);
  const asBefore = inLast === undefined ? fromLast(value, layouts) : undefined;
  if (inLast !== undefined) layouts.last.set(value, inLast);
  else if (asBefore !== undefined) layouts.first.set(value, asBefore);
  else {
    const outputs = rebuildNode(
      node,
      node.inputs.map((each) => layouts.batchFirst(each)),
    );
    node.outputs.forEach((output, i) => {
      layouts.first.set(output, outputs[i]!);
    });
  }
}

/** The image that a convolution makes, or that an operator makes of such images number by number. */
function imageInLast(value: Result, layouts: Layouts): Value | undefined {
  const { node } = value;
  const { op, inputs, attributes } = node;
  if (isConvolution(node)) {
    const [x, ...parameters] = inputs;
    const product = op.type === 'Conv' ? convProduct : convTransposeProduct;
    const weights = parameters.map((each) => layouts.batchFirst(each));
    return product(layouts.batchLast(x!), weights, sidesOf(node));
  }
  const isScalar = ({ shape }: Value) => shape.length === 0;
  const fits = inputs.every((each) => isScalar(each) || sameShape(each.shape, value.shape));
  if (!BY_NUMBER.has(op.type) || !isImage(value) || !fits) return undefined;
  if (!inputs.some((each) => layouts.last.has(each))) return undefined;
  const given = inputs.map((each) => (isScalar(each) ? layouts.batchFirst(each) : layouts.batchLast(each)));
  return apply(op, given, attributes);
}

/** What is no image, but can be made of one that has the batch last without the order of before. */
function fromLast({ node: { op, inputs, attributes }, shape }: Result, layouts: Layouts): Value | undefined {
  const [x] = inputs;
  if (op.type === 'ReduceSum' && layouts.last.has(x!)) {
    const { axes, keepdims } = attributes;
    return `${axes}` === '0,2,3' && keepdims !== 1 ? reduceSum(layouts.batchLast(x!), [1]) : undefined;
  }
  if (op.type === 'Reshape' && layouts.last.has(x!)) return isFlat(shape, x!) ? layouts.rows(x!) : undefined;
  if (op.type !== 'Transpose' || x!.kind !== 'result' || x!.node.op.type !== 'Reshape') return undefined;
  const [image] = x!.node.inputs;
  const flips = `${attributes.perm}` === '1,0';
  return flips && isImage(image!) && isFlat(x!.shape, image!) ? layouts.columns(image!) : undefined;
}

function isConvolution(node: Node): boolean {
  const { op, inputs } = node;
  if (op.type !== 'Conv' && op.type !== 'ConvTranspose') return false;
  if (!isImage(inputs[0]!)) return false;
  const { from, to, windows } = sidesOf(node);
  const places = op.type === 'Conv' ? to : from;
  return from.channels * area(windows.kernel) * area(places.size) <= MOST_COLLECTED;
}

function sidesOf({ op, inputs: [x, weight], attributes, outputs }: Node): Sides {
  const windows = windowsOf(attributes, imageOf(op.type, weight!).size);
  return { from: imageOf(op.type, x!), to: imageOf(op.type, outputs[0]!), windows };
}

/** True for `[N, C, H, W]` where only the batch has no fixed size. */
function isImage({ dtype, shape }: Value): boolean {
  const [batch, ...sizes] = shape;
  const fixed = sizes.length === 3 && sizes.every((size) => typeof size === 'number');
  return dtype === 'float32' && typeof batch === 'string' && fixed;
}

function isFlat(shape: Value['shape'], image: Value): boolean {
  return shape.length === 2 && shape[1] === featuresOf(image);
}

function featuresOf({ shape }: Value): number {
  return (shape as readonly number[]).slice(1).reduce((product, size) => product * size, 1);
}
