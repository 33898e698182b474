/** What trials are chosen by, measured on the validation rows: test rows choose nothing. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { betterOf } from '../../shared/metricDirection.ts';
import type { Rows } from '../../shared/tensor.ts';
import { exportGraphs } from '../../training/artifact/exportGraphs.ts';
import { pickRows } from '../../training/data/batches.ts';
import type { Dataset, Parts } from '../../training/data/dataset.ts';
import type { Split } from '../../training/data/split.ts';
import { featureStatistics } from '../../training/data/statistics.ts';
import { neighbourMetrics, neighboursOf } from '../../training/evaluate/evidence/neighbours.ts';
import { exportedMetrics, lossMetrics, type TrainedModel } from '../../training/evaluate/metrics/metrics.ts';
import { encodedPositions } from '../../training/preprocess/layout.ts';
import { pickRaw } from '../../training/preprocess/preprocessing.ts';
import { ROW_SCORES, type RowScoreKind } from '../../training/scoring/rowScores.ts';
import type { ResolvedSettings } from '../../training/settings.ts';

/** The name of the loss that also chooses the best epoch; any other objective is a metric of the manifest. */
export const LOSS = 'loss';

/** Settings that change what the loss of the validation rows measures. */
const OF_LOSS = [
  ...['loss', 'likelihood', 'divergence', 'beta', 'kind', 'featureWeights', 'missing', 'horizon'],
  ...['corruption', 'corruptionAmount', 'sparsity', 'sparsityWeight', 'targetActivation', 'activeUnits'],
  ...['contractionWeight', 'commitmentWeight', 'neighbourWeight', 'temperature', 'prefixes', 'conditionSize'],
  'auxiliaryWeight',
];

/** @throws {InputError} if losses of trials would measure different things, or the metric has no better value. */
export function requireObjective(by: string, names: readonly string[]): void {
  const changed = names.find((name) => OF_LOSS.includes(name));
  if (by === LOSS && changed !== undefined) {
    throw new InputError(
      `--space: '${changed}' changes what the loss measures, so the losses of trials cannot be compared; choose trials by a metric that stays the same, for instance --by mse`,
    );
  }
  if (betterOf(by) === undefined)
    throw new InputError(
      `--by: expected a metric that rates a model, received '${by}', which only describes it`,
    );
}

/** True if the first value is better. */
export function isBetter(by: string, a: number, b: number): boolean {
  return betterOf(by) === 'higher' ? a > b : a < b;
}

export interface Measured extends TrainedModel {
  readonly data: Dataset<Rows>;
  readonly split: Split<Rows>;
  readonly parts: Parts;
  readonly settings: Pick<ResolvedSettings, 'training'>;
  readonly seed: number;
}

/**
 * Measures a model by a metric of manifests, on the validation rows.
 * @throws {InputError} if the metric does not apply to them, with those that do.
 */
export async function measureBy(by: string, trained: Measured): Promise<number> {
  const { data, split, parts, model: plain, weights, settings, seed } = trained;
  const everyRow = Uint32Array.from({ length: split.validation.rowCount }, (_, row) => row);
  const validation = pickRows(split.validation, everyRow);
  const { preprocessing, labels } = data;
  const columns = preprocessing?.columns;
  const { fit }: RowScoreKind = ROW_SCORES[settings.training.rowScore];
  const positions = plain.target === undefined ? columns && encodedPositions(columns) : undefined;
  const scoring =
    fit && (await fit(plain, split.train, weights, { columns: positions, seed, withRows: true }));
  const model = { ...plain, ...(scoring && { scoring }) };
  const graphs = await exportGraphs(model, data.rows.width, weights, 'float32', columns);
  const search = { train: split.train, test: validation, weights, texts: undefined, seed };
  const found = await neighboursOf(model, search);
  const metrics: Readonly<Record<string, number>> = {
    ...(found && neighbourMetrics(found, model.codeSize).metrics),
    ...(await lossMetrics(validation, trained)),
    ...(await exportedMetrics(
      { autoencoder: graphs.autoencoder.model, recommend: graphs.recommend?.model },
      {
        rows: preprocessing === undefined ? validation : pickRaw(preprocessing, parts.validation),
        labels: labels && { ...labels, rows: Array.from(parts.validation, (row) => labels.rows[row]!) },
        ...{ truth: undefined, predictor: undefined, threshold: Number.POSITIVE_INFINITY },
        shares: graphs.recommend === undefined ? [] : featureStatistics(split.train).mean,
        seed,
      },
    )),
  };
  const value = metrics[by];
  if (value !== undefined) return value;
  const names = Object.keys(metrics).filter(
    (name) => !name.startsWith('alarm-') && betterOf(name) !== undefined,
  );
  throw new InputError(
    `--by: expected ${LOSS} or a metric of this model on its validation rows: ${names.join(', ')}; received '${by}'${didYouMean(by, [LOSS, ...names])}`,
  );
}
