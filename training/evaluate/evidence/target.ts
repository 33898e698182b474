/** What a model reconstructs of its rows, and how it is shown. */
import { asMatrix, type Matrix } from '../../../shared/tensor.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { input, sizeOf } from '../../graph/value.ts';
import { targetOf } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import { outputsOf } from '../outputs.ts';
import type { Evaluation } from './evaluation.ts';

/** Values without names from which on a curve says more than a table. */
const CURVES_FROM = 12;

/** What the model is to reconstruct of the rows. */
export async function targetsOf(model: Autoencoder, rows: Matrix): Promise<Matrix> {
  if (model.target === undefined) return rows;
  const whole = input('rows', ['N', rows.width]);
  const graph = toOnnx({ name: 'target', inputs: [whole], outputs: { target: targetOf(model, whole) } });
  return asMatrix((await outputsOf(graph, rows)).target!, rows.rowCount);
}

/** How so many values of a target are shown. */
export function targetForm(
  { sequential = false }: Pick<Autoencoder, 'sequential'>,
  { rowShape, targetShape = rowShape, featureNames }: Layout,
  { min, max, standardDeviation }: ColumnStatistics,
  width: number,
): Evaluation['target'] {
  const channels = sequential ? (rowShape[1] ?? 1) : 1;
  const part = channels === 1 ? [width] : [width / channels, channels];
  const shape = width === sizeOf(targetShape) ? [...targetShape] : part;
  const kind = kindOf(shape, sequential, featureNames !== null);
  // Pictures and tables start with the row's first value: what is not reconstructed of them is at their end.
  const features = standardDeviation.slice(0, width).map((each, i) => ({
    name: featureNames?.[i] ?? `feature ${i}`,
    standardDeviation: each,
    categories: [],
  }));
  return {
    shape,
    kind,
    features: kind === 'table' ? features : null,
    range: [
      min.slice(0, width).reduce((least, value) => Math.min(least, value)),
      max.slice(0, width).reduce((most, value) => Math.max(most, value)),
    ],
  };
}

export type Layout = Pick<Dataset, 'rowShape' | 'targetShape' | 'featureNames'>;

function kindOf(
  shape: readonly number[],
  sequential: boolean,
  isNamed: boolean,
): Evaluation['target']['kind'] {
  if (!sequential && !isNamed && isImage(shape)) return 'image';
  return sequential || (!isNamed && sizeOf(shape) >= CURVES_FROM) ? 'curves' : 'table';
}

/** At least 4 pixels each way, in 1 or 3 channels. */
function isImage([height = 0, width = 0, channels = 1, ...rest]: readonly number[]): boolean {
  return height >= 4 && width >= 4 && (channels === 1 || channels === 3) && rest.length === 0;
}
