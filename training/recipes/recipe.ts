/** Recipe: a named run, as overrides of default settings with a reason for each. */
import type { Rows } from '../../shared/tensor.ts';
import type { ColumnChoices } from '../data/choices.ts';
import type { Dataset, Shares } from '../data/dataset.ts';
import type { RowLimits } from '../data/sources/source.ts';
import type { VariantChoice } from '../models/variantChoice.ts';
import type { PredictorName } from '../predictors/registry.ts';
import type { Settings } from '../settings.ts';

type AnySettings = Readonly<Record<string, unknown>>;

/** A recipe of any variant. */
export interface AnyRecipe {
  /** Name of the recipe and, by default, of its model. */
  readonly name: string;
  /** One-line summary for `--help`: model and data. */
  readonly why: string;
  /** Name of a variant, or one made by `defineVariant`. */
  readonly variant: VariantChoice;
  readonly settings: AnySettings;
  /** Predictor to fit to the code, for the target of the data or its labels. */
  readonly predictor?: PredictorName;
  /**
   * Is set if the model must reconstruct better than PCA with as many components as the code has dimensions.
   */
  readonly betterThanPca?: true;
  /** Settings that depend on the data; they override `settings`. */
  readonly settingsFor?: (data: Dataset<Rows>) => AnySettings;
  /**
   * Is set if the recipe has no data of its own; manifests then record the `--data` location as the source.
   */
  readonly needsData?: true;
  /** Is set if `data` takes choices about the columns of a table: --ignore, --label and the like. */
  readonly columns?: true;
  /** Is set if `data` takes limits of rows: --limit, --sample and --hold. */
  readonly rowLimits?: true;
  /** Is set if `data` makes windows of the rows of a table: --length and --stride. */
  readonly windows?: true;
  /** Loads the data from the path given by `--data`, or by default from the recipe's own location. */
  readonly data: (
    path: string | undefined,
    division: Division,
    choices?: ColumnChoices,
  ) => Promise<Dataset<Rows>>;
}

/** A recipe whose settings are checked against those of its variant. */
export interface Recipe<V extends VariantChoice> extends AnyRecipe {
  readonly variant: V;
  readonly settings: Settings<V>;
  readonly settingsFor?: (data: Dataset<Rows>) => Settings<V>;
}

/** Random split of the run, for data whose preprocessing is fitted to the training rows. */
export interface Division extends Pick<RowLimits, 'seed' | 'onRead'> {
  readonly shares: Shares;
}
