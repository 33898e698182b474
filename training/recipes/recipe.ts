/** What a recipe is: a named run, as overrides of defaults, with a reason for each. */
import type { Rows } from '../../shared/tensor.ts';
import type { Dataset, Shares } from '../data/dataset.ts';
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
  /** What is fitted to the code, to predict the target of the data, or its labels. */
  readonly predictor?: PredictorName;
  /** Whether the model is worth it only if it reconstructs better than PCA with as many components as its code is wide. */
  readonly betterThanPca?: true;
  /** Settings that depend on the data; they come after the others. */
  readonly settingsFor?: (data: Dataset<Rows>) => Settings<V>;
  /** Whether there is none but what `--data` names, which is then the source that manifests keep. */
  readonly needsData?: true;
  /** Loads the data from the path given by `--data`, or from where the recipe has it. */
  readonly data: (path: string | undefined, division: Division) => Promise<Dataset<Rows>>;
}

/** How the run divides rows by chance, for data whose preprocessing is fitted on training rows. */
export interface Division {
  readonly shares: Shares;
  readonly seed: number;
}
