/**
 * Graphs under the addresses of the protocol, which calls a single graph a model: `{model}.{graph}`, or
 * `{model}` for its encoder (without one, for its first graph). Names of models have no dot, so addresses are unambiguous.
 */
import {
  GraphName,
  type GraphSpec,
  graphEntries,
  graphSpec,
  type Manifest,
  mainGraph,
} from '../../shared/manifest.ts';
import type { Models } from '../models/models.ts';
import type { Routing } from '../models/release.ts';
import { ProblemError } from '../problems.ts';
import { layoutOf, type RowLayout } from '../requests/rows/layout.ts';

/** A graph found by its address. */
export interface ServedGraph {
  /** The name in the request. */
  readonly name: string;
  readonly manifest: Manifest;
  readonly graph: GraphName;
  readonly spec: GraphSpec;
}

/** The address of a graph. */
export interface GraphAddress {
  readonly name: string;
  readonly version: string | undefined;
}

/**
 * Finds the graph at an address; without a version, the same version answers as in our own API.
 * @throws {ProblemError} `unknown-model` or `unknown-version`.
 *
 * @example
 * const { manifest, graph } = await findServed(models, { name: 'digits.decoder', version: undefined });
 */
export async function findServed(
  models: Models,
  { name, version }: GraphAddress,
  routing?: Routing,
): Promise<ServedGraph> {
  const { model, graph: named } = parsed(name);
  const reference = version === undefined ? model : `${model}@${version}`;
  // Which graph stands for a model is known once its version is: nearly always its encoder.
  const manifest = await models.find(reference, routing, named && [named === 'main' ? 'encoder' : named]);
  const graph = named === 'main' ? mainGraph(manifest) : named;
  if (graph === undefined || manifest.graphs[graph] === undefined) throw unknownModel(name, manifest);
  return { name, manifest, graph, spec: graphSpec(manifest, graph) };
}

/**
 * Returns the versions with the graph: first the one that answers requests without a version, then the
 * newest.
 */
export async function versionsOf(models: Models, { manifest, graph }: ServedGraph): Promise<string[]> {
  const versions = await models.versions(manifest.name);
  const manifests = await Promise.all(versions.map((version) => models.find(`${manifest.name}@${version}`)));
  return manifests.filter(({ graphs }) => graphs[graph]).map(({ version }) => version);
}

/** Returns the layout of a graph's inputs: codes for a decoder, rows for other graphs. */
export function servedLayout(manifest: Manifest, graph: GraphName): RowLayout {
  return layoutOf(manifest, graph, graph === 'decoder' ? 'codes' : 'rows');
}

/** Returns every name of a model's graphs, with its graph. */
export function servedNames(manifest: Manifest): [name: string, graph: GraphName][] {
  const { name, graphs } = manifest;
  return [
    [name, mainGraph(manifest)],
    ...graphEntries(graphs).map(([graph]): [string, GraphName] => [`${name}.${graph}`, graph]),
  ];
}

function parsed(name: string): { model: string; graph: GraphName | 'main' | undefined } {
  // `name@version` is a reference of our own API; the protocol puts the version into the path.
  if (name.includes('@')) throw unknownModel(name);
  const dot = name.indexOf('.');
  if (dot < 0) return { model: name, graph: 'main' };
  return { model: name.slice(0, dot), graph: GraphName.safeParse(name.slice(dot + 1)).data };
}

function unknownModel(name: string, manifest?: Manifest): ProblemError {
  const received = name.slice(0, 60);
  const offered = manifest && servedNames(manifest).map(([served]) => served);
  const hint = offered === undefined ? '' : ` This model offers ${offered.join(', ')}.`;
  const detail = `There is no model ${JSON.stringify(received)} here.${hint}`;
  return new ProblemError('unknown-model', { detail, received, ...(offered && { offered }) });
}
