/** Which operations an artifact offers. */
import { OperationName, type PerGraph } from '../../shared/manifest.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import type { Autoencoder } from '../models/model.ts';

interface ModelFacts {
  readonly model: Pick<Autoencoder, 'corrupt'>;
  readonly graphs: Readonly<PerGraph<Pick<ExportedGraph, 'outputs'>>>;
}

const always = () => true;

/**
 * Whether what is reconstructed is the row, or all of it but a condition. A forecast is what follows the row, and a
 * recommender's reconstruction is shares of items: it ranks them, and is no nearer to the row for being right.
 */
const reconstructsRows = ({ graphs }: ModelFacts) => !graphs.forecast && !graphs.recommend;

const OFFERED = {
  encode: always,
  reduce: ({ graphs }) => graphs.reduce !== undefined,
  decode: always,
  reconstruct: reconstructsRows,
  denoise: ({ model }) => model.corrupt !== undefined,
  score: reconstructsRows,
  sample: (facts) => hasPrior(facts) && reconstructsRows(facts),
  interpolate: reconstructsRows,
  traverse: reconstructsRows,
  predict: ({ graphs }) => graphs.predict !== undefined,
  recommend: ({ graphs }) => graphs.recommend !== undefined,
  similar: ({ graphs }) => graphs.similar !== undefined,
  forecast: ({ graphs }) => graphs.forecast !== undefined,
} as const satisfies Record<OperationName, (facts: ModelFacts) => boolean>;

/** In the order of `OperationName`. */
export function operationsOf(facts: ModelFacts): OperationName[] {
  return OperationName.options.filter((name) => OFFERED[name](facts));
}

/** Whether codes can be drawn: those of variational encoders are near a normal distribution. */
function hasPrior({ graphs }: ModelFacts): boolean {
  return graphs.encoder.outputs.some(({ name }) => name === 'log_variance');
}
