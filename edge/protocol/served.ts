/**
 * What the protocol calls a model is one graph: `{model}.{graph}`, or `{model}` for its encoder. Names of models have
 * no dot, so both are unambiguous.
 */
import { GraphName, type GraphSpec, graphEntries, graphSpec, type Manifest } from '../../shared/manifest.ts';
import type { Models } from '../models/models.ts';
import type { Routing } from '../models/release.ts';
import { ProblemError } from '../problems.ts';
import { layoutOf, type RowLayout } from '../requests/rows/layout.ts';

/** A graph under its address. */
export interface ServedGraph {
  /** As the request has it. */
  readonly name: string;
  readonly manifest: Manifest;
  readonly graph: GraphName;
  readonly spec: GraphSpec;
}

/** What one of a model's graphs is addressed by. */
export interface GraphAddress {
  readonly name: string;
  readonly version: string | undefined;
}

/**
 * The graph at an address; without a version, of the version that answers other requests without one.
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
  const { model, graph } = parsed(name);
  const reference = version === undefined ? model : `${model}@${version}`;
  const manifest = await models.find(reference, routing, graph && [graph]);
  if (graph === undefined || manifest.graphs[graph] === undefined) throw unknownModel(name, manifest);
  return { name, manifest, graph, spec: graphSpec(manifest, graph) };
}

/** The versions that have the graph: the one that answers requests without a version first, then the newest. */
export async function versionsOf(models: Models, { manifest, graph }: ServedGraph): Promise<string[]> {
  const versions = await models.versions(manifest.name);
  const manifests = await Promise.all(versions.map((version) => models.find(`${manifest.name}@${version}`)));
  return manifests.filter(({ graphs }) => graphs[graph]).map(({ version }) => version);
}

/** What the inputs of a graph hold: codes of a decoder, rows of others. */
export function servedLayout(manifest: Manifest, graph: GraphName): RowLayout {
  return layoutOf(manifest, graph, graph === 'decoder' ? 'codes' : 'rows');
}

/** Every name that a model's graphs have. */
export function servedNames({ name, graphs }: Manifest): string[] {
  return [name, ...graphEntries(graphs).map(([graph]) => `${name}.${graph}`)];
}

function parsed(name: string): { model: string; graph: GraphName | undefined } {
  // In our own API, what follows @ is a version; the protocol has another place for it.
  if (name.includes('@')) throw unknownModel(name);
  const dot = name.indexOf('.');
  if (dot < 0) return { model: name, graph: 'encoder' };
  return { model: name.slice(0, dot), graph: GraphName.safeParse(name.slice(dot + 1)).data };
}

function unknownModel(name: string, manifest?: Manifest): ProblemError {
  const received = name.slice(0, 60);
  const offered = manifest && servedNames(manifest);
  const hint = offered === undefined ? '' : ` There are ${offered.join(', ')}.`;
  const detail = `There is no model ${JSON.stringify(received)} here.${hint}`;
  return new ProblemError('unknown-model', { detail, received, ...(offered && { offered }) });
}
