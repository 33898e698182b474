/** Every section of the documentation that is written from the code: page, name of the section, what writes it. */
import { ChoiceConfig } from '../../../training/optimizers/create.ts';
import { PreparationConfig } from '../../../training/optimizers/preparation.ts';
import { TrainingConfig } from '../../../training/settings.ts';
import { experimentsTable } from '../experiments/table.ts';
import type { Sections } from '../sections.ts';
import { membersTable, problemsTable, routesTable } from './api.ts';
import {
  activationsTable,
  layersTable,
  lossesTable,
  optimizerSettingsTable,
  optimizersTable,
  predictorsTable,
  scheduleSettingsTable,
  schedulesTable,
  transformOptionsTable,
  transformsTable,
  variantSettingsTable,
  variantsTable,
} from './registries.ts';
import { gatesTable, metricsTable, stepsTable } from './retrain.ts';
import { settingsOf, settingsTable } from './settings.ts';

const PAGES = {
  'README.md': {
    variants: variantsTable,
    layers: layersTable,
    losses: lossesTable,
    optimizers: optimizersTable,
    routes: routesTable,
  },
  'edge/README.md': {
    members: membersTable,
    problems: problemsTable,
  },
  'scripts/retrain/README.md': {
    steps: stepsTable,
    gates: gatesTable,
    metrics: metricsTable,
  },
  'training/README.md': {
    settings: () => settingsTable([TrainingConfig, ChoiceConfig, PreparationConfig].flatMap(settingsOf)),
    'variant-settings': variantSettingsTable,
    'optimizer-settings': optimizerSettingsTable,
    schedules: schedulesTable,
    'schedule-settings': scheduleSettingsTable,
    activations: activationsTable,
    predictors: predictorsTable,
    experiments: experimentsTable,
  },
  'training/preprocess/README.md': {
    transforms: transformsTable,
    'transform-options': transformOptionsTable,
  },
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
