/** Text that an import prints: the model, decisions with their flags, and operations. */
import { readModelSettings } from '../../edge/models/modelSettings.ts';
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import { describedTensors, operatorsText, opsetsText } from '../../training/importing/describe.ts';
import type { Understanding } from '../../training/importing/understand.ts';
import { parityText } from '../../training/report/format.ts';
import { kib } from '../cli/kib.ts';
import { columnsTable, figure, table } from '../cli/tables.ts';

/** Lines about what the model takes and gives. */
export function understoodLines(understanding: Understanding): string[] {
  const { foreign, sample, notes } = understanding;
  const head = ['tensor', 'type', 'shape', 'use', 'reason'];
  const rows = describedTensors(understanding).map((each) => [
    each.name,
    each.type,
    each.shape,
    each.use,
    each.reason,
  ]);
  const drawn = 'none given: rows were drawn; --rows adds names, reduce, scores and drift';
  return [
    `${foreign.source}: made by ${foreign.producer}, opset ${opsetsText(understanding)}`,
    columnsTable(head, rows),
    `operators: ${operatorsText(understanding)}`,
    `rows: ${sample.source ?? drawn}`,
    ...(sample.ignored.length > 0 ? [`columns that are no features: ${shortList(sample.ignored)}`] : []),
    ...notes,
    'role of an output: --role <output>=<role> changes it',
  ];
}

/** Lines about the artifact. */
export function importedLines(understanding: Understanding, manifest: Manifest): string[] {
  const { features, codeSize, operations, parity } = manifest;
  const names = features.names
    ? `: ${shortList(features.names)}`
    : ', without names (--feature-names gives some)';
  return [
    table([
      ['features', `${features.count}${names}`],
      ...(codeSize > 0 ? [['code size', `${codeSize}`] as const] : []),
      ['operations', operations.join(', ')],
      ...scoreRow(manifest),
      ['parity with WASM', parityText(parity)],
    ]),
    ...hints(understanding, operations),
    ...sizeHints(manifest),
  ];
}

/** What a score is, and from where on a row is an anomaly; empty for models without scores. */
function scoreRow({ operations, anomalyScore, reconstructionError }: Manifest): [string, string][] {
  const judged = anomalyScore ?? reconstructionError;
  if (judged === undefined || !operations.includes('score')) return [];
  const what =
    anomalyScore === undefined
      ? 'the mean squared error of a row'
      : 'the mean of the errors of the columns, each divided by its mean over the rows';
  const share = `${(100 * judged.contamination).toPrecision(2)} % of the rows (--contamination)`;
  return [['score', `${what}; anomalies are above ${figure(judged.threshold)}, as are ${share}`]];
}

/** Warns of graphs larger than a Worker loads from a bucket by default. */
function sizeHints({ graphs }: Manifest): string[] {
  const { maxGraphBytes: limit } = readModelSettings({});
  const largest = Math.max(...graphEntries(graphs).map(([, { bytes }]) => bytes));
  if (largest <= limit) return [];
  return [
    `its largest graph has ${kib(largest)}: raise MAX_MODEL_BYTES, by default ${kib(limit)}, in the configuration of the Worker to load it from a bucket`,
  ];
}

/** Warns of rows that the artifact holds, and names operations that a flag would add. */
function hints({ sample, model, decoder }: Understanding, operations: readonly string[]): string[] {
  const hasReconstruction =
    decoder !== undefined || model.roles.some(({ role }) => role === 'reconstruction');
  return [
    ...(sample.source === undefined
      ? []
      : ['answers.json in the artifact holds up to 4 of the rows, to test deployments with']),
    ...(hasReconstruction && !operations.includes('score')
      ? ['no score: its threshold is calibrated on --rows']
      : []),
  ];
}

const SHOWN = 12;

function shortList(names: readonly string[]): string {
  return names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
}
