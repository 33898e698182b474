/** The vocabulary of the graph: dtypes, symbolic shapes, values and nodes. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { NumberTensor } from '../../shared/tensor.ts';

export type { NumberTensor, Tensor } from '../../shared/tensor.ts';

/** Only operators of `ai.onnx.ml` take strings. */
export type DataType = 'float32' | 'int64' | 'string';

/** A fixed size, or the name of a size that is known only at run time, such as `'N'` for the batch. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

export interface TensorType {
  /**
   * `bool` occurs only between operators: no tensor holds it, and no exported graph has such an input or
   * output.
   */
  readonly dtype: DataType | 'bool';
  readonly shape: Shape;
}

/**
 * A tensor-valued expression. Values are immutable and refer to the values they are computed from, so a graph
 * is given by its outputs alone: values that no output depends on are not part of it.
 */
export type Value = Input | Variable | Constant | Result;

/** A value fed at every run: by the caller or, if it has a source, by the training session. */
export interface Input extends TensorType {
  readonly kind: 'input';
  readonly name: string;
  readonly source?: InputSource;
}

/**
 * The source of an input that a training session feeds itself. Noise is drawn at every step, uniform in
 * [0, 1) or standard normal. It is a function of the run's seed, the input's name and the step, so that every
 * engine and every resumed run draws the same numbers. A schedule is a scalar that depends on the progress of
 * training.
 */
export type InputSource =
  | { readonly kind: 'noise'; readonly distribution: NoiseDistribution }
  | { readonly kind: 'schedule'; readonly value: (progress: Progress) => number };

export type NoiseDistribution = 'uniform' | 'normal';

/** Progress of a training run at a step. */
export interface Progress {
  /** Steps before this one, over all epochs. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  /** Validation losses of the finished epochs; absent if nothing records them. */
  readonly validationLosses?: readonly number[];
}

/**
 * A weight or other state: a graph input during training, with its new value as an output; an initializer
 * when exported.
 */
export interface Variable extends TensorType {
  readonly kind: 'variable';
  readonly name: string;
  readonly dtype: 'float32';
  readonly shape: readonly number[];
  readonly initial: Float32Array;
}

export interface Constant extends TensorType {
  readonly kind: 'constant';
  readonly tensor: NumberTensor;
}

/** One output of a node. */
export interface Result extends TensorType {
  readonly kind: 'result';
  readonly node: Node;
  readonly index: number;
}

/** One application of an operator. */
export interface Node {
  readonly op: Op;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Result[];
}

/** A graph within an operator, such as one step of a loop. It depends on its own inputs only. */
export interface Body {
  /** Inputs that the operator feeds at every run of the body. */
  readonly inputs: readonly Input[];
  /**
   * Stand-ins for the operator's last inputs, the same at every run; in ONNX, a body refers to these by name.
   */
  readonly captured: readonly Input[];
  readonly outputs: readonly Value[];
}

/**
 * ONNX encoding of an attribute; `'input'` is a list of integers passed as a trailing int64 input (opset 13
 * and later).
 */
export type AttributeKind = 'int' | 'ints' | 'float' | 'floats' | 'string' | 'strings' | 'input' | 'body';
export type Attributes = Readonly<
  Record<string, number | string | readonly number[] | readonly string[] | Body>
>;

/**
 * Returns the gradient with respect to each input of a node, `undefined` for inputs without one (indices,
 * shapes). `g` is the gradient with respect to the node's first output.
 */
export type GradientRule = (g: Value, node: Node) => readonly (Value | undefined)[];

/** A gradient rule that takes the gradient of every output, `undefined` for outputs that are not used. */
export interface GradientOfOutputs {
  readonly ofOutputs: (gs: readonly (Value | undefined)[], node: Node) => readonly (Value | undefined)[];
}

/** TensorFlow.js as kernels use it, passed in so that defining a graph does not load it. */
export type Tfjs = typeof tfjs;

/** An ONNX operator: attributes, shape rule, gradient, and TensorFlow.js kernel. */
export interface Op {
  /** Operator name in the ONNX specification. */
  readonly type: string;
  /** `ai.onnx` by default. */
  readonly domain?: 'ai.onnx.ml';
  /** The operator's attributes with their ONNX encodings. */
  readonly attributes?: Readonly<Record<string, AttributeKind>>;
  /**
   * True if ONNX requires every output to have a name, as for operators with a variable number of outputs.
   * Otherwise, outputs after the last used one are left out.
   */
  readonly outputsRequired?: boolean;
  /**
   * Returns the types of the outputs.
   * @throws {GraphError} if the inputs do not fit.
   */
  readonly infer: (inputs: readonly Value[], attributes: Attributes) => readonly TensorType[];
  /** `null` for an operator that stops gradients. */
  readonly gradient: GradientRule | GradientOfOutputs | null;
  /**
   * Returns a faster formulation of the operator's only output, in the same shape, that is written to ONNX in
   * its place. Gradients are still computed by the operator's own rule.
   */
  readonly lower?: (inputs: readonly Value[], attributes: Attributes) => Value;
  /** Computes the operator in TensorFlow.js, where int64 tensors are int32. */
  readonly kernel: (
    tf: Tfjs,
    inputs: readonly tfjs.Tensor[],
    attributes: Attributes,
  ) => readonly tfjs.Tensor[];
}

/** Values of variables by name. */
export type Weights = ReadonlyMap<string, Float32Array>;
