/** Operations that an artifact offers. */
import { OperationName, type SomeGraphs } from '../../shared/manifest.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import type { Autoencoder } from '../models/model.ts';

interface ModelFacts {
  readonly model: Pick<Autoencoder, 'corrupt'>;
  /** Every graph of a trained model, or those that an imported one has. */
  readonly graphs: SomeGraphs<Pick<ExportedGraph, 'outputs'>>;
}

const encodes = ({ graphs }: ModelFacts) => graphs.encoder !== undefined;
const decodes = ({ graphs }: ModelFacts) => graphs.decoder !== undefined;

/**
 * True if the reconstruction stands for the row, with or without its condition. A forecast follows the row
 * instead, and a recommender outputs shares of items: a good ranking need not be close to the row.
 */
const standsForRows = ({ graphs }: ModelFacts) => !graphs.forecast && !graphs.recommend;
const reconstructsRows = (facts: ModelFacts) =>
  facts.graphs.autoencoder !== undefined && standsForRows(facts);
const movesInCodes = (facts: ModelFacts) => encodes(facts) && decodes(facts) && standsForRows(facts);

const OFFERED = {
  encode: encodes,
  reduce: ({ graphs }) => graphs.reduce !== undefined,
  decode: decodes,
  reconstruct: reconstructsRows,
  denoise: ({ model }) => model.corrupt !== undefined,
  score: reconstructsRows,
  sample: (facts) => hasPrior(facts) && movesInCodes(facts),
  interpolate: movesInCodes,
  traverse: movesInCodes,
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
  return graphs.encoder?.outputs.some(({ name }) => name === 'log_variance') ?? false;
}
