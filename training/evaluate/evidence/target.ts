/** The part of a row that a model reconstructs, and the way to show it. */
import { asMatrix, type Matrix } from '../../../shared/tensor.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { input, sizeOf } from '../../graph/value.ts';
import { targetOf } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import { outputsOf } from '../outputs.ts';
import type { Evaluation } from './evaluation.ts';

/** Fewest unnamed values for which a curve is clearer than a table. */
const CURVES_FROM = 12;

/** Values `[N, target width]` that the model should reconstruct. */
export async function targetsOf(model: Autoencoder, rows: Matrix): Promise<Matrix> {
  if (model.target === undefined) return rows;
  const whole = input('rows', ['N', rows.width]);
  const graph = toOnnx({ name: 'target', inputs: [whole], outputs: { target: targetOf(model, whole) } });
  return asMatrix((await outputsOf(graph, rows)).target!, rows.rowCount);
}

/** Shape, features and range of a target of `width` values, and the best way to show it. */
export function describeTarget(
  { sequential = false }: Pick<Autoencoder, 'sequential'>,
  { rowShape, targetShape = rowShape, featureNames }: RowDescription,
  { min, max, standardDeviation }: ColumnStatistics,
  width: number,
): Evaluation['target'] {
  const channels = sequential ? (rowShape[1] ?? 1) : 1;
  const part = channels === 1 ? [width] : [width / channels, channels];
  const shape = width === sizeOf(targetShape) ? [...targetShape] : part;
  const kind = kindOf(shape, sequential, featureNames !== null);
  // Images and tables start with the first value of the row; any part that is not reconstructed comes last.
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

export type RowDescription = Pick<Dataset, 'rowShape' | 'targetShape' | 'featureNames'>;

function kindOf(
  shape: readonly number[],
  sequential: boolean,
  isNamed: boolean,
): Evaluation['target']['kind'] {
  if (!sequential && !isNamed && isImage(shape)) return 'image';
  return sequential || (!isNamed && sizeOf(shape) >= CURVES_FROM) ? 'curves' : 'table';
}

/** True for at least 4 x 4 pixels in 1 or 3 channels. */
function isImage([height = 0, width = 0, channels = 1, ...rest]: readonly number[]): boolean {
  return height >= 4 && width >= 4 && (channels === 1 || channels === 3) && rest.length === 0;
}
