/** Programs: a model, its training step and an optimizer combined. */
import type { Program } from '../engines/engine.ts';
import { variablesOf } from '../graph/traverse.ts';
import { input } from '../graph/value.ts';
import { evaluationContext, trainingContext } from '../layers/layer.ts';
import type { Autoencoder } from '../models/model.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';

/** Builds the program that trains `model` on rows of `features` values. */
export function programOf(model: Autoencoder, features: number, optimizer: Optimizer, seed: number): Program {
  const rows = input('rows', ['N', features]);
  const context = trainingContext();
  const training = model.step(rows, context);
  const { updates } = context;
  return {
    rows,
    training,
    evaluation: model.step(rows, evaluationContext()),
    parameters: variablesOf([training.loss]).filter((variable) => !updates.has(variable)),
    updates,
    optimizer,
    seed,
  };
}
