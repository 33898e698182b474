/** What a run is made of, before anything is trained: the split rows, the model and its training program. */
import type { Rows } from '../shared/tensor.ts';
import type { Dataset } from './data/dataset.ts';
import { partsOf, splitDataset } from './data/split.ts';
import { fitSvd } from './estimators/pca.ts';
import { requireCalibrated } from './evaluate/metrics/calibration.ts';
import { programOf } from './fitting/program.ts';
import type { StartTools } from './models/model.ts';
import { type VariantChoice, variantOf } from './models/variantChoice.ts';
import { createOptimizer } from './optimizers/create.ts';
import type { PredictorName } from './predictors/registry.ts';
import { requireTrainable } from './runChecks.ts';
import { resolveSettings, type Settings } from './settings.ts';

interface RunChoices<V extends VariantChoice, R extends Rows> {
  readonly variant: V;
  readonly settings?: Settings<V> | undefined;
  readonly data: Dataset<R>;
  readonly seed: number;
  readonly splitSeed: number;
  readonly predictor?: PredictorName | undefined;
}

/** @throws {InputError} if the settings exclude each other, or do not go with the data. */
export function openRun<V extends VariantChoice, R extends Rows>(choices: RunChoices<V, R>) {
  const { variant, data, seed, splitSeed, predictor } = choices;
  const settings = resolveSettings(variant, choices.settings ?? {});
  const { validationShare, testShare, targetFpr, rowScore } = settings.training;
  const shares = { validation: validationShare, test: testShare };
  const split = splitDataset(data, shares, splitSeed);
  requireCalibrated(targetFpr, split.validation.rowCount);
  const definition = variantOf(variant);
  const model = definition.build(settings.model, data.rows.width, seed, data.rowShape);
  requireTrainable(model, data, split, { rowScore, predictor });
  const program = programOf(model, data.rows.width, createOptimizer(settings.optimizer), seed);
  return { settings, definition, model, program, split, parts: partsOf(data, shares, splitSeed) };
}

/** What a variant computes its first weights with. */
export const START_TOOLS: StartTools = {
  singularVectors: async (rows, count) => (await fitSvd(rows, count)).components,
};
