import { InputError } from '../../shared/errors.ts';
import { isNamedForAnomalies } from '../data/anomalyLabels.ts';
import { chosenRoles, chosenSplit, explained, readingOf, recordedChoices } from '../data/chosenColumns.ts';
import { keptNotes } from '../data/keptRoles.ts';
import { readTable } from '../data/read.ts';
import { inferRoles } from '../data/roles.ts';
import { featureKeys } from '../data/rowKeys.ts';
import { heldNotes, rowLimitsOf } from '../data/rowLimits.ts';
import { randomSplit } from '../data/splits.ts';
import { inTurns } from '../data/turns.ts';
import { encoding } from '../preprocess/dataset.ts';
import { withCovering, withStoredRows } from '../preprocess/storedDataset.ts';
import type { Recipe } from './recipe.ts';

const clamped = (value: number, min: number, max: number) => Math.min(max, Math.max(min, Math.round(value)));

export const tabular: Recipe<'undercomplete'> = {
  name: 'tabular',
  why: 'any table: --data file.csv, a glob, Parquet, JSON or "SELECT ..."; no settings needed',
  variant: 'undercomplete',
  settings: {
    hidden: [64, 32],
    activation: 'elu', // smooth, and no units die on few, irregular rows
    epochs: 200,
    patience: 10, // stops when the table yields no more
  },
  settingsFor: ({ rows, stored, preprocessing }) => ({
    codeSize: clamped(preprocessing!.columns.length / 4, Math.min(2, rows.width), 32),
    // About 100 steps per epoch, with batches neither too noisy nor too large.
    batchSize: clamped((stored ?? rows).rowCount / 100, 16, 256),
  }),
  needsData: true,
  columns: true,
  rowLimits: true,
  data: async (location, division, choices = {}) => {
    const { shares, seed } = division;
    if (location === undefined) {
      throw new InputError('recipe tabular needs a table: --data file.csv, a glob, or "SELECT ..."');
    }
    const table = await readTable(location, {
      ...readingOf(choices),
      rows: rowLimitsOf(choices, division),
    });
    const roles = explained(inferRoles(table, chosenRoles(table, choices)), choices);
    const split =
      chosenSplit(table, choices, shares) ??
      randomSplit({ ...table, keys: featureKeys(table, roles) }, shares, seed);
    const kept = keptNotes(table, choices, roles, false);
    const marks = roles.find(({ name, role }) => role === 'feature' && isNamedForAnomalies(name))?.name;
    const notes = marks === undefined ? [] : [anomalyNote(marks)];
    const sample = await inTurns(encoding(table, { parts: withCovering(split, table), roles }), (share) =>
      division.onRead?.('fitting columns', share),
    );
    const data = await withStoredRows(sample, table, division);
    return {
      ...data,
      notes: [...kept, ...heldNotes(table, choices), ...notes, ...(data.notes ?? [])],
      choices: recordedChoices(choices, table),
    };
  },
};

function anomalyNote(name: string): string {
  return `column ${name} looks like a label of anomalies and is an input of this model: the recipe anomaly keeps it for evaluation; --ignore ${name} leaves it out here`;
}
