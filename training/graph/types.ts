/** The vocabulary of the graph: dtypes, symbolic shapes, values and nodes. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { NumberTensor } from '../../shared/tensor.ts';

export type { NumberTensor, Tensor } from '../../shared/tensor.ts';

/** Strings are fed by the caller, and only operators of `ai.onnx.ml` take them. */
export type DataType = 'float32' | 'int64' | 'string';

/** A fixed size, or the name of a size known only at run time (the batch is `'N'`). */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

export interface TensorType {
  /** Truth values lie between operators only: no tensor holds them, and no exported graph takes or answers them. */
  readonly dtype: DataType | 'bool';
  readonly shape: Shape;
}

/**
 * A tensor-valued expression. Values are immutable and know what made them, so a graph is nothing more than the
 * values it answers with: whatever they do not reach is not part of it.
 */
export type Value = Input | Variable | Constant | Result;

/** Fed at every run: by the caller, or by the training session from its source. */
export interface Input extends TensorType {
  readonly kind: 'input';
  readonly name: string;
  readonly source?: InputSource;
}

/**
 * What a training session feeds by itself. Noise is drawn afresh at every step, uniform in [0, 1) or standard normal, as
 * a function of the run's seed, the input's name and the step, so that every engine and every resumed run sees the same.
 * A schedule is a scalar that depends on how far training is.
 */
export type InputSource =
  | { readonly kind: 'noise'; readonly distribution: NoiseDistribution }
  | { readonly kind: 'schedule'; readonly value: (progress: Progress) => number };

export type NoiseDistribution = 'uniform' | 'normal';

/** How far training is. */
export interface Progress {
  /** Steps taken before this one, over all epochs. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  /** Validation losses of the epochs that are done; absent where no trainer keeps them. */
  readonly validationLosses?: readonly number[];
}

/** State: a graph input while training (its new value is an output), an initializer once exported. */
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

/** A graph within an operator, in the terms of its own inputs alone. */
export interface Body {
  /** What the operator feeds at every run of the body. */
  readonly inputs: readonly Input[];
  /** What stands for the operator's last inputs, the same at every run; ONNX lets a body name them directly. */
  readonly captured: readonly Input[];
  readonly outputs: readonly Value[];
}

/** How ONNX encodes an attribute; `'input'` is a list of integers passed as a trailing int64 input (opset 13 and later). */
export type AttributeKind = 'int' | 'ints' | 'float' | 'floats' | 'string' | 'strings' | 'input' | 'body';
export type Attributes = Readonly<
  Record<string, number | string | readonly number[] | readonly string[] | Body>
>;

/**
 * Gradients with respect to each input of a node, `undefined` where an input has none (indices, shapes), given `g`, the
 * gradient with respect to its first output.
 */
export type GradientRule = (g: Value, node: Node) => readonly (Value | undefined)[];

/** The same given the gradient with respect to each output, `undefined` where nothing depends on it. */
export interface GradientOfOutputs {
  readonly ofOutputs: (gs: readonly (Value | undefined)[], node: Node) => readonly (Value | undefined)[];
}

/** The part of TensorFlow.js that kernels use, handed in so that defining a graph never loads it. */
export type Tfjs = typeof tfjs;

/** An ONNX operator with everything the project knows about it. */
export interface Op {
  /** Operator name in the ONNX specification. */
  readonly type: string;
  /** `ai.onnx` where not given. */
  readonly domain?: 'ai.onnx.ml';
  /** The operator's attributes and how ONNX encodes them. */
  readonly attributes?: Readonly<Record<string, AttributeKind>>;
  /**
   * Whether ONNX demands that every output has a name, as it does where their number is open; those after the last that is
   * used are left out otherwise.
   */
  readonly outputsRequired?: boolean;
  /** Types of the outputs; throws a `GraphError` when the inputs do not fit. */
  readonly infer: (inputs: readonly Value[], attributes: Attributes) => readonly TensorType[];
  /** `null` for an operator that stops gradients. */
  readonly gradient: GradientRule | GradientOfOutputs | null;
  /**
   * A faster formulation of its one output, of the same shape, in other operators: written to ONNX in its place. The
   * gradient is still that of the operator.
   */
  readonly lower?: (inputs: readonly Value[], attributes: Attributes) => Value;
  /** The same operator in TensorFlow.js; int64 tensors are int32 there. */
  readonly kernel: (
    tf: Tfjs,
    inputs: readonly tfjs.Tensor[],
    attributes: Attributes,
  ) => readonly tfjs.Tensor[];
}

/** Values of variables by name. */
export type Weights = ReadonlyMap<string, Float32Array>;
