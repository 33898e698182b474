import { InputError } from '../../shared/errors.ts';
import { anomalyLabels } from '../data/anomalyLabels.ts';
import type { ColumnChoices } from '../data/choices.ts';
import { chosenRoles, chosenSplit, explained, readingOf, recordedChoices } from '../data/chosenColumns.ts';
import type { Dataset, Labels, Parts } from '../data/dataset.ts';
import { foundLabel } from '../data/foundLabel.ts';
import { keptNotes } from '../data/keptRoles.ts';
import { labelLeaks } from '../data/labelLeaks.ts';
import { readTable } from '../data/read.ts';
import { type ColumnRole, inferRoles, type RoleOverrides } from '../data/roles.ts';
import { featureKeys } from '../data/rowKeys.ts';
import { heldNotes, rowLimitsOf } from '../data/rowLimits.ts';
import { randomSplit, stratifiedSplit } from '../data/splits.ts';
import { columnOf, isMissing, type Table } from '../data/table.ts';
import { atOnce, inTurns, type Work } from '../data/turns.ts';
import { encoding } from '../preprocess/dataset.ts';
import type { TransformStep } from '../preprocess/steps.ts';
import { withCovering, withStoredRows } from '../preprocess/storedDataset.ts';
import { published } from './published.ts';
import type { Division, Recipe } from './recipe.ts';

const BATCH = 128;
const STEPS = 500;

/**
 * Numeric columns are standardised: noise is in standard deviations, and outliers stand out in every column.
 */
const isNumeric = ({ role, type }: ColumnRole) => role === 'feature' && type !== 'category';

/** One set of defaults for all data, since settings cannot be tuned without labels. */
export const anomaly: Recipe<'denoising'> = {
  name: 'anomaly',
  why: 'anomalies in any table: --data file.csv; a column y or label is used only for evaluation',
  variant: 'denoising',
  settings: {
    // Too small to learn the anomalies among the training rows, the more so with noise.
    hidden: [16],
    codeSize: 2,
    activation: 'tanh',
    corruptionAmount: 0.5, // standard deviations
    rowScore: 'ensemble',
    contamination: 0.05,
    batchSize: BATCH,
    learningRate: 0.005,
    schedule: 'cosine',
    testShare: 0.3, // anomalies are rare
  },
  settingsFor: ({ parts, stored }) => ({
    epochs: Math.max(2, Math.round(STEPS / Math.ceil((stored?.rowCount ?? parts!.train.length) / BATCH))),
  }),
  columns: true,
  rowLimits: true,
  // By default the data set cardio of ADBench (Han et al., 2022).
  data: async (path = published('anomaly/cardio.csv'), division, choices = {}) => {
    const table = await readTable(path, { ...readingOf(choices), rows: rowLimitsOf(choices, division) });
    const data = await inTurns(anomalyEncoding(table, division, choices), (share) =>
      division.onRead?.('fitting columns', share),
    );
    const notes = [...heldNotes(table, choices), ...(data.notes ?? [])];
    return withStoredRows({ ...data, notes }, table, division);
  },
};

/** A table as rows of a detector: columns that give the label away are left out, and others standardised. */
export function anomalyDataset(...given: Parameters<typeof anomalyEncoding>): Dataset {
  return atOnce(anomalyEncoding(...given));
}

/** The same in parts: of many rows, it takes seconds. */
function* anomalyEncoding(
  table: Table,
  { shares, seed }: Division,
  choices: ColumnChoices,
  given?: Parts,
): Work<Dataset> {
  const chosen = chosenRoles(table, choices);
  const { column, notes: possible } = foundLabel(table, choices);
  const labels = column && anomalyLabels(column, choices.positive);
  if (choices.positive !== undefined && column === undefined) throw noLabel(table);
  const leaks = labels === undefined ? new Map<string, string>() : labelLeaks(table, labels);
  const left = [...leaks.keys()].filter((name) => chosen[name] === undefined);
  const inferred = inferRoles(table, {
    ...Object.fromEntries(left.map((name) => [name, { role: 'ignored' as const }])),
    ...chosen,
    ...(column && { [column.name]: { role: 'label' } }),
  });
  const kept = keptNotes(table, choices, inferred, true);
  const roles = explained(inferred, choices).map((each) => {
    if (left.includes(each.name)) return { ...each, reason: leaks.get(each.name)! };
    return isNumeric(each) ? { ...each, transform: 'standard' as const } : each;
  });
  const keys = featureKeys(table, roles);
  const split =
    given ??
    chosenSplit(table, choices, shares) ??
    (column ? stratifiedSplit(column, shares, seed, keys) : randomSplit({ ...table, keys }, shares, seed));
  const parts = withCovering(split, table);
  const {
    target: _,
    labels: __,
    ...dataset
  } = yield* encoding(table, {
    ...{ parts, roles },
    steps: withIndicators(table, roles, parts.train),
  });
  if (labels === undefined) {
    const none =
      'no column is taken for a label of anomalies: choose one with --label to measure how many are found';
    return {
      ...dataset,
      notes: [...kept, ...possible, none, ...(dataset.notes ?? [])],
      choices: recordedChoices(choices, table),
    };
  }
  const { reason, ...own } = labels;
  const notes = [
    labelNote(own, reason, choices),
    ...left.map((name) => leakNote(name, leaks.get(name)!)),
    ...keptLeakNotes(leaks, chosen, choices),
  ];
  const all = [...kept, ...notes, ...(dataset.notes ?? [])];
  return { ...dataset, labels: own, notes: all, choices: recordedChoices(choices, table, own) };
}

/** A number that is missing, where others are not, may be what is unusual: imputing alone would hide it. */
function withIndicators(
  table: Table,
  roles: readonly ColumnRole[],
  train: Uint32Array,
): Record<string, readonly TransformStep[]> {
  const some = roles.filter((role) => {
    if (!isNumeric(role) || role.transform !== 'standard') return false;
    const column = columnOf(table, role.name);
    return train.some((row) => isMissing(column, row));
  });
  return Object.fromEntries(
    some.map(({ name }) => [name, [{ transform: 'impute', indicator: true }, { transform: 'standard' }]]),
  );
}

function noLabel({ source, columns }: Table): InputError {
  const names = columns.map(({ name }) => name).join(', ');
  return new InputError(
    `${source}: --positive needs a column that marks anomalies: name it with --label, one of ${names}`,
  );
}

function labelNote(
  { name, anomalous }: Labels,
  reason: string | undefined,
  { label }: ColumnChoices,
): string {
  const use = `column ${name} is used for evaluation only`;
  const undo = label === undefined ? `, --feature ${name} makes it an input` : '';
  if (anomalous === undefined) {
    return `${use}; none of its values is known to mark anomalies: choose them with --positive, or another column with --label${undo}`;
  }
  return `${use}: ${anomalous.join(', ')} marks anomalies, since ${reason}; --positive changes that, --label the column${undo}`;
}

/** Columns that give the label away and are inputs all the same, as in a known model. */
function keptLeakNotes(
  leaks: ReadonlyMap<string, string>,
  chosen: RoleOverrides,
  { known, feature = [] }: ColumnChoices,
): string[] {
  if (known === undefined) return [];
  const kept = [...leaks].filter(([name]) => chosen[name]?.role === 'feature' && !feature.includes(name));
  return kept.map(
    ([name, reason]) =>
      `column ${name} stays an input, as in ${known.model}, though today it ${reason.startsWith('gives') ? '' : 'is '}${reason}; --ignore ${name} leaves it out, together with --allow-breaking, as clients notice`,
  );
}

function leakNote(name: string, reason: string): string {
  return `column ${name} is left out: ${reason}; --feature ${name} keeps it`;
}
