/** What a recipe is: a named run, as overrides of defaults, with a reason for each. */
import type { Dataset } from '../data/dataset.ts';
import type { VariantName } from '../models/registry.ts';
import type { PredictorName } from '../predictors/registry.ts';
import type { Settings } from '../settings.ts';

export interface Recipe<V extends VariantName = VariantName> {
  /** Also the name of the model it makes. */
  readonly name: string;
  /** One line for `--help`: what it trains, on what. */
  readonly why: string;
  readonly variant: V;
  readonly settings: Settings<V>;
  /** What is fitted to the code, to predict the target of the data. */
  readonly predictor?: PredictorName;
  /** Loads the data from the path given by `--data`, or from where the recipe has it. */
  readonly data: (path: string | undefined) => Promise<Dataset>;
}
