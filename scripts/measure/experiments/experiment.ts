/** An experiment: a recipe trained to its end, and the figure that it must reach. */
import type { PublishedName } from '../../../training/recipes/published.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';

export interface Experiment {
  readonly recipe: keyof typeof RECIPES;
  /** File for `--data` in the folder of published data. Default: the recipe's own data. */
  readonly data?: PublishedName;
  /** Settings that override those of the recipe, by name. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /**
   * Name of a metric of the manifest, on the test rows; or `code-mean`, the mean of the values of their
   * codes.
   */
  readonly metric: string;
  /** Seeds of the runs; the figure is the median over them. */
  readonly seeds: readonly [number, ...number[]];
  /**
   * Upper or lower bound of the figure: a value, PyTorch's figure plus a margin, or another experiment's
   * figure.
   */
  readonly bound: { readonly direction: Direction } & (
    | { readonly value: number }
    | { readonly pytorchPlus: number }
    | { readonly experiment: string }
  );
  /** True if `pytorch.py` can train the same model with the same settings. */
  readonly pytorch: boolean;
  /** A published figure; its model may differ in details. */
  readonly published?: {
    readonly value: number;
    /** Author of the figure, and differences of the model, as Markdown. */
    readonly source: string;
  };
}

export type Direction = '<=' | '>=';

/** The settings of an experiment and its recipe, without defaults. */
export function givenSettings({ recipe, settings }: Experiment): Record<string, unknown> {
  return { ...RECIPES[recipe].settings, ...settings };
}

/** Figures that a bound may depend on, as last measured. */
export interface ReferenceFigures {
  readonly pytorch: number | undefined;
  readonly ofExperiment: (name: string) => number | undefined;
}

/** Returns the bound as a number; undefined if it depends on a figure that has not been measured. */
export function limitOf(
  { bound }: Experiment,
  { pytorch, ofExperiment }: ReferenceFigures,
): number | undefined {
  if ('value' in bound) return bound.value;
  if ('experiment' in bound) return ofExperiment(bound.experiment);
  return pytorch === undefined ? undefined : pytorch + bound.pytorchPlus;
}

export function isWithin(figure: number, direction: Direction, limit: number): boolean {
  return direction === '<=' ? figure <= limit : figure >= limit;
}
