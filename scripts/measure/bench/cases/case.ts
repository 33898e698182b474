/** What a training benchmark is: one model that every contender trains from the same weights on the same batches. */
import { fileURLToPath } from 'node:url';
import type { Matrix } from '../../../../shared/tensor.ts';
import type { Program } from '../../../../training/engines/engine.ts';
import { programOf } from '../../../../training/fitting/program.ts';
import type { Autoencoder } from '../../../../training/models/model.ts';
import { OPTIMIZERS } from '../../../../training/optimizers/registry.ts';
import type { TfjsName } from '../tfjs.ts';

export interface TrainingCase {
  /** What it trains on, in whole batches; digits of 28 x 28 pixels where not given. */
  readonly rows?: () => Matrix;
  /** A program that trains on rows of `features` values. */
  readonly program: (features: number) => Program;
  /**
   * The same model in PyTorch: a Python file with `build(tensor)`, where `tensor(name)` gives a weight, and with
   * `loss(output, x)` where it is not the binary cross-entropy of logits.
   */
  readonly pytorch: string;
  /** Steps that one measured run takes, so that it lasts for some tenths of a second. */
  readonly steps: number;
  /** Times PyTorch's speed at its best thread count. */
  readonly pytorchTarget: number;
  /** Steps of a measured run, and times its speed, per backend; left out where TensorFlow.js would take minutes. */
  readonly tfjs?: Readonly<Record<TfjsName, { readonly steps: number; readonly target: number }>>;
}

/** A model with Adam at its defaults. */
export function withAdam(model: Autoencoder, features: number): Program {
  return programOf(model, features, OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({})), 1);
}

/** A Python file of this folder. */
export function pythonFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
