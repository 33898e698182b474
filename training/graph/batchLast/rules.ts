/** How operators are computed on images that have the batch last. A rule returns undefined where it does not apply. */
import { expand, reduceSum } from '../ops/broadcast.ts';
import { convProduct, convTransposeProduct, type Sides } from '../ops/convProducts.ts';
import { reduceMean } from '../ops/mean.ts';
import { reshape } from '../ops/reshape.ts';
import { area, imageOf, windowsOf } from '../ops/windows.ts';
import type { Attributes, Node, Result, Value } from '../types.ts';
import { apply, sameShape } from '../value.ts';
import { isFlat, isImage, type Layouts } from './layouts.ts';

type Rule = (value: Result, layouts: Layouts) => Value | undefined;

/** Most numbers that a convolution may collect for a row, which bounds the memory of a batch. */
const MOST_COLLECTED = 2 ** 16;

/** Operators that treat every number alike. */
const BY_NUMBER = [
  ...['Abs', 'Add', 'Clip', 'Div', 'Elu', 'Erf', 'Exp', 'HardSigmoid', 'LeakyRelu', 'Log', 'Mul', 'Neg'],
  ...['Relu', 'Sigmoid', 'Sign', 'Softplus', 'Sqrt', 'Sub', 'Tanh'],
];

/** Rules that make an image with the batch last. */
export const IMAGES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(BY_NUMBER.map((type) => [type, numberByNumber])),
  Conv: convolution,
  ConvTranspose: convolution,
  Expand: ({ node: { inputs }, ...value }, layouts) => {
    const [x, shape] = inputs;
    const like = shape!.kind === 'result' && shape!.node.op.type === 'Shape' && shape!.node.inputs[0]!;
    if (!like || !layouts.last.has(like) || !isImage(value as Result) || !isPerChannel(x!, like))
      return undefined;
    return expand(perChannel(x!, layouts), layouts.batchLast(like));
  },
};

/** Rules that make something else of an image that has the batch last. */
export const OTHERS: Readonly<Record<string, Rule>> = {
  ReduceMean: ({ node: { inputs, attributes } }, layouts) =>
    layouts.last.has(inputs[0]!) && isOver(attributes, [0, 2, 3])
      ? reduceMean(layouts.batchLast(inputs[0]!), [1])
      : undefined,
  ReduceSum: ({ node: { inputs, attributes }, shape }, layouts) => {
    const [image] = inputs;
    if (!layouts.last.has(image!)) return undefined;
    const sizes = shape as readonly number[];
    if (isOver(attributes, [0, 2, 3])) return reshape(reduceSum(layouts.batchLast(image!), [1]), sizes);
    if (isOver(attributes, [0])) return reshape(reduceSum(layouts.columns(image!), [1]), sizes);
    return undefined;
  },
  Reshape: ({ node: { inputs }, shape }, layouts) =>
    layouts.last.has(inputs[0]!) && isFlat(shape, inputs[0]!) ? layouts.rows(inputs[0]!) : undefined,
  Size: ({ node: { op, inputs } }, layouts) =>
    layouts.last.has(inputs[0]!) ? apply(op, [layouts.batchLast(inputs[0]!)]) : undefined,
  // The gradient of weights asks for the batch last by this.
  Transpose: ({ node: { inputs, attributes } }, layouts) => {
    const [flat] = inputs;
    if (flat!.kind !== 'result' || flat!.node.op.type !== 'Reshape') return undefined;
    const [image] = flat!.node.inputs;
    const flips = `${attributes.perm}` === '1,0';
    return flips && isImage(image!) && isFlat(flat!.shape, image!) ? layouts.columns(image!) : undefined;
  },
};

function convolution({ node }: Result, layouts: Layouts): Value | undefined {
  if (!isConvolution(node)) return undefined;
  const [x, ...parameters] = node.inputs;
  const product = node.op.type === 'Conv' ? convProduct : convTransposeProduct;
  const weights = parameters.map((each) => layouts.batchFirst(each));
  return product(layouts.batchLast(x!), weights, sidesOf(node));
}

/** True if all rows of a batch are convolved at once. */
export function isConvolution(node: Node): boolean {
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

function numberByNumber(value: Result, layouts: Layouts): Value | undefined {
  const { op, inputs, attributes } = value.node;
  const fits = (each: Value) => sameShape(each.shape, value.shape) || isPerChannel(each, value);
  if (!isImage(value) || !inputs.every(fits) || !inputs.some((each) => layouts.last.has(each)))
    return undefined;
  const given = inputs.map((each) =>
    isPerChannel(each, value) ? perChannel(each, layouts) : layouts.batchLast(each),
  );
  return apply(op, given, attributes);
}

/** True for a scalar, and for a number per channel that broadcasts to the image: `[C, 1, 1]` or `[1, C, 1, 1]`. */
function isPerChannel({ shape }: Value, { shape: [, channels] }: Value): boolean {
  if (shape.length === 0) return true;
  const [count, ...ones] = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  return count === channels && ones.length === 2 && ones.every((each) => each === 1);
}

/** A scalar as it is; others as `[C, 1]`. */
function perChannel(value: Value, layouts: Layouts): Value {
  const own = layouts.batchFirst(value);
  return value.shape.length === 0 ? own : reshape(own, [-1, 1]);
}

function isOver({ axes }: Attributes, wanted: readonly number[]): boolean {
  return `${axes}` === `${wanted}`;
}
