/** A training benchmark: one model that every contender trains from the same weights on the same batches. */
import { fileURLToPath } from 'node:url';
import type { Matrix } from '../../../../shared/tensor.ts';
import type { Program } from '../../../../training/engines/engine.ts';
import { programOf } from '../../../../training/fitting/program.ts';
import type { Autoencoder } from '../../../../training/models/model.ts';
import { OPTIMIZERS } from '../../../../training/optimizers/registry.ts';
import type { TfjsName } from '../tfjs.ts';

export interface TrainingCase {
  readonly summary: string;
  /** Rows to train on, in whole batches. Default: digits of 28 x 28 pixels. */
  readonly rows?: () => Matrix;
  /** Returns the program that trains on rows of `features` values. */
  readonly program: (features: number) => Program;
  /**
   * The same model in PyTorch: path of a Python file with `build(tensor)`, where `tensor(name)` returns a
   * weight, and with `loss(output, x)` unless the loss is the binary cross-entropy of logits.
   */
  readonly pytorch: string;
  /** Steps of one measured run, which should last a few tenths of a second. */
  readonly steps: number;
  /** Target speed, as a multiple of PyTorch's at its best thread count. */
  readonly pytorchTarget: number;
  /**
   * Steps of a measured run and target speed, as a multiple of the backend's, for each backend of
   * TensorFlow.js. Undefined if TensorFlow.js would take minutes.
   */
  readonly tfjs?: Readonly<Record<TfjsName, { readonly steps: number; readonly target: number }>>;
}

/** Returns the training program of a model with Adam at its defaults. */
export function withAdam(model: Autoencoder, features: number): Program {
  return programOf(model, features, OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({})), 1);
}

/** Returns the path of a Python file in this folder. */
export function pythonFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
