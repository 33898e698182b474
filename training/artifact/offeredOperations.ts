/** Operations that an artifact offers. */
import { OperationName, type PerGraph } from '../../shared/manifest.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import type { Autoencoder } from '../models/model.ts';

interface ModelFacts {
  readonly model: Pick<Autoencoder, 'corrupt'>;
  readonly graphs: Readonly<PerGraph<Pick<ExportedGraph, 'outputs'>>>;
}

const always = () => true;

/**
 * True if the reconstruction stands for the row, with or without its condition. A forecast follows the row
 * instead, and a recommender outputs shares of items: a good ranking need not be close to the row.
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

/** Operations that the model offers, in the order of `OperationName`. */
export function operationsOf(facts: ModelFacts): OperationName[] {
  return OperationName.options.filter((name) => OFFERED[name](facts));
}

/** True if codes can be sampled: those of variational encoders are close to a normal distribution. */
function hasPrior({ graphs }: ModelFacts): boolean {
  return graphs.encoder.outputs.some(({ name }) => name === 'log_variance');
}
