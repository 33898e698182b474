/** What an experiment is: a recipe trained to its end, and the figure that it must reach. */
import type { PublishedName } from '../../../training/recipes/published.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';

export interface Experiment {
  readonly recipe: keyof typeof RECIPES;
  /** What `--data` names, within the folder of the published files; the recipe's own where not given. */
  readonly data?: PublishedName;
  /** In place of the recipe's own, by name. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Standard name of a metric of the manifest, measured on the test rows, or `code-mean`, the mean of their codes' values. */
  readonly metric: string;
  /** One run each; the figure is the median. */
  readonly seeds: readonly [number, ...number[]];
  /** What the figure must be: at most or at least a value, PyTorch's figure plus a margin, or another experiment's. */
  readonly bound: { readonly direction: Direction } & (
    | { readonly value: number }
    | { readonly pytorchPlus: number }
    | { readonly experiment: string }
  );
  /** Whether `pytorch.py` can train the same model with the same settings. */
  readonly pytorch: boolean;
  /** What others have reached, with models that need not be the same in everything. */
  readonly published?: {
    readonly value: number;
    /** As Markdown: whose figure it is, and how their model differs. */
    readonly source: string;
  };
}

export type Direction = '<=' | '>=';

/** The settings that an experiment's recipe gives, before defaults. */
export function givenSettings({ recipe, settings }: Experiment): Record<string, unknown> {
  return { ...RECIPES[recipe].settings, ...settings };
}

/** Figures that a bound may depend on, as last measured. */
export interface References {
  readonly pytorch: number | undefined;
  readonly ofExperiment: (name: string) => number | undefined;
}

/** The bound as a number; none where it depends on a figure that there is not. */
export function limitOf({ bound }: Experiment, { pytorch, ofExperiment }: References): number | undefined {
  if ('value' in bound) return bound.value;
  if ('experiment' in bound) return ofExperiment(bound.experiment);
  return pytorch === undefined ? undefined : pytorch + bound.pytorchPlus;
}

export function isWithin(figure: number, direction: Direction, limit: number): boolean {
  return direction === '<=' ? figure <= limit : figure >= limit;
}
