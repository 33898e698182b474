/**
 * Every section of the documentation that is written from the code: its page, its name, and the function that
 * writes it.
 */
import { ChoiceConfig } from '../../../training/optimizers/create.ts';
import { PreparationConfig } from '../../../training/optimizers/preparation.ts';
import { TrainingConfig } from '../../../training/settings.ts';
import { experimentsTable } from '../experiments/table.ts';
import type { Sections } from '../sections.ts';
import { problemsReference, routesReference, routesTable } from './api.ts';
import { exportersTable } from './exporters.ts';
import {
  activationsTable,
  layersTable,
  lossesTable,
  membersTable,
  optimizerSettingsTable,
  optimizersTable,
  predictorsTable,
  recipesTable,
  scheduleSettingsTable,
  schedulesTable,
  sourcesTable,
  transformOptionsTable,
  transformsTable,
  variantSettingsTable,
  variantsTable,
} from './registries.ts';
import { dataGatesTable, liveGatesTable, metricsTable, modelGatesTable, stepsTable } from './retrain.ts';
import { settingsOf, settingsTable } from './settings.ts';

const PAGES = {
  'docs/reference/recipes.md': { recipes: recipesTable },
  'docs/reference/sources.md': { sources: sourcesTable },
  'docs/reference/transforms.md': {
    transforms: transformsTable,
    'transform-options': transformOptionsTable,
  },
  'docs/reference/variants.md': {
    variants: variantsTable,
    'variant-settings': variantSettingsTable,
  },
  'docs/reference/layers.md': {
    layers: layersTable,
    activations: activationsTable,
  },
  'docs/anomalies.md': { members: membersTable },
  'docs/reference/losses.md': { losses: lossesTable },
  'docs/reference/settings.md': {
    settings: () => settingsTable([TrainingConfig, ChoiceConfig, PreparationConfig].flatMap(settingsOf)),
    optimizers: optimizersTable,
    'optimizer-settings': optimizerSettingsTable,
    schedules: schedulesTable,
    'schedule-settings': scheduleSettingsTable,
  },
  'docs/reference/predictors.md': { predictors: predictorsTable },
  'docs/reference/operations.md': {
    routes: routesTable,
    operations: routesReference,
  },
  'docs/reference/problems.md': { problems: problemsReference },
  'docs/reference/gates.md': {
    steps: stepsTable,
    'data-gates': dataGatesTable,
    'model-gates': modelGatesTable,
    'live-gates': liveGatesTable,
    metrics: metricsTable,
  },
  'docs/importing.md': { exporters: exportersTable },
  'docs/benchmarks.md': { experiments: experimentsTable },
} as const satisfies Record<string, Record<string, () => string>>;

/** The content of every such section, by page; pages are paths from the root of the repository. */
export function writtenSections(): Record<string, Sections> {
  return Object.fromEntries(
    Object.entries(PAGES).map(([page, writers]) => [
      page,
      Object.fromEntries(Object.entries(writers).map(([name, write]) => [name, write()])),
    ]),
  );
}
