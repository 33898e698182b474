/** The observations of each model, whatever other models it is frozen with: from the cache, or observed now. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, readJson, store } from './cache.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { inChild, sharesOf } from './inChild.ts';
import type { Observation, ObserveInput } from './observe.ts';
import type { Reference } from './reference.ts';

export interface Observed {
  readonly observation: Observation;
  /** By the label of the graph. */
  readonly references: Readonly<Record<string, Reference>>;
}

export interface ObservedOptions extends Omit<ObserveInput, 'graphs'> {
  /** Folder of the cache. */
  readonly folder: string;
  /** Returns the key of graphs in the cache. */
  readonly keyOf: (graphs: readonly FreezableGraph[]) => string;
  /** True to observe all of them, whatever is in the cache. */
  readonly again: boolean;
  /** Hears of the models that are observed now: how many are done, at first none. */
  readonly onObserved?: ((done: number, of: number) => void) | undefined;
}

const FILE = 'observed.json';

/** Observes models, each of them given as its graphs, unless that has been done before, and is to be used. */
export async function observedModels(
  models: readonly (readonly FreezableGraph[])[],
  { folder, keyOf, again, onObserved, ...options }: ObservedOptions,
): Promise<Observed[]> {
  const known = new Map<readonly FreezableGraph[], Observed>();
  for (const graphs of models) {
    const path = await cached(folder, 'model', keyOf(graphs));
    if (path !== undefined && again) await rm(path, { recursive: true, force: true });
    else if (path !== undefined) known.set(graphs, await readJson(join(path, FILE)));
  }
  const missing = models.filter((graphs) => !known.has(graphs));
  let done = 0;
  const observe = async (graphs: readonly FreezableGraph[]) => {
    const observation = await inChild('observe', { ...options, graphs });
    onObserved?.(++done, missing.length);
    return observation;
  };
  if (missing.length > 0) onObserved?.(done, missing.length);
  const [references, observations] = await Promise.all([
    referencesOf(missing.flat(), options),
    Promise.all(missing.map(observe)),
  ]);
  for (const [m, graphs] of missing.entries()) {
    const own = graphs.map((graph) => [graph.label, references.get(graph)!] as const);
    const observed = { observation: observations[m]!, references: Object.fromEntries(own) };
    await store(folder, 'model', keyOf(graphs), (partial) =>
      writeFile(join(partial, FILE), JSON.stringify(observed)),
    );
    known.set(graphs, observed);
  }
  return models.map((graphs) => known.get(graphs)!);
}

/** The right answers of graphs of any models. */
async function referencesOf(
  graphs: readonly FreezableGraph[],
  options: Omit<ObserveInput, 'graphs'>,
): Promise<Map<FreezableGraph, Reference>> {
  const answers = await Promise.all(
    sharesOf(graphs).map(async (share) => {
      const references = await inChild('refer', { ...options, graphs: share });
      return share.map((graph, i) => [graph, references[i]!] as const);
    }),
  );
  return new Map(answers.flat());
}
