/** Graphs with what viewers and other runtimes show of a model. */
import packageJson from '../../package.json' with { type: 'json' };
import type { Features } from '../../shared/features.ts';
import { graphEntries } from '../../shared/manifest.ts';
import { describedModel } from '../graph/describedModel.ts';
import type { ExportedGraphs } from './exportGraphs.ts';

export interface DescribedBy {
  readonly name: string;
  readonly variant: string;
  readonly features: Features;
}

/** Most names in a graph: a recommender may have as many as items. */
const MOST_NAMES = 1000;

/**
 * Adds producer, a sentence, and the properties `model`, `variant`, `graph`, `features` (a JSON list) and
 * `units`, each if it is known.
 */
export function describedGraphs(
  graphs: ExportedGraphs,
  { name, variant, features }: DescribedBy,
): ExportedGraphs {
  const lists = { features: features.names, units: features.units };
  const known = Object.entries(lists).flatMap(([key, list]) =>
    list === null || list.length > MOST_NAMES ? [] : [[key, JSON.stringify(list)] as const],
  );
  const entries = graphEntries(graphs).map(([graph, exported]) => {
    const model = describedModel(exported.model, {
      producerVersion: packageJson.version,
      summary: `The ${graph} of ${name}, a model of the variant ${variant} for rows of ${features.count} features.`,
      properties: { model: name, variant, graph, ...Object.fromEntries(known) },
    });
    return [graph, { ...exported, model }];
  });
  return Object.fromEntries(entries) as ExportedGraphs;
}
