/**
 * Graphs under the addresses of the protocol, which calls a single graph a model: `{model}.{graph}`, or
 * `{model}` for its encoder (without one, for its first graph) or, if it was imported, for the file that it was made
 * of. Names of models have no dot, so addresses are unambiguous.
 */
import {
  type FileTensors,
  GraphName,
  graphEntries,
  graphSpec,
  type Manifest,
  mainGraph,
  type TensorSpec,
} from '../../shared/manifest.ts';
import type { Datatype } from '../../shared/protocol.ts';
import type { Tensor } from '../../shared/tensor.ts';
import type { Models } from '../models/models.ts';
import type { Routing } from '../models/release.ts';
import { ProblemError } from '../problems.ts';
import { layoutOf, type RowLayout } from '../requests/rows/layout.ts';
import { DATATYPES, type ElementCodec } from './datatypes.ts';
import { FILE_DATATYPES } from './fileDatatypes.ts';

/** An input or output under the name that clients know. */
export interface ServedTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** Symbolic dimensions are strings; N is the number of rows. */
  readonly shape: TensorSpec['shape'];
}

export interface ServedInput extends ServedTensor {
  /** The type that elements are decoded to. */
  readonly dtype: TensorSpec['dtype'];
  readonly codec: ElementCodec<Tensor['data']>;
}

export interface ServedOutput extends ServedTensor {
  /** The graph and its own name for the output. */
  readonly graph: GraphName;
  readonly output: string;
}

/** A graph, or the file of an imported model, found by its address. */
export interface ServedGraph {
  /** The name in the request. */
  readonly name: string;
  readonly manifest: Manifest;
  /** The graph; of a file, the one that stands for the model. */
  readonly graph: GraphName;
  /** True if the tensors are those of a file, which graphs know by other names. */
  readonly isFile: boolean;
  readonly inputs: readonly ServedInput[];
  readonly outputs: readonly ServedOutput[];
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
  const tensors =
    named === 'main' && manifest.file ? fileTensors(manifest.file) : graphTensors(manifest, graph);
  return { name, manifest, graph, ...tensors };
}

type ServedTensors = Pick<ServedGraph, 'isFile' | 'inputs' | 'outputs'>;

function graphTensors(manifest: Manifest, graph: GraphName): ServedTensors {
  const { inputs, outputs } = graphSpec(manifest, graph);
  return {
    isFile: false,
    inputs: inputs.map(({ name, dtype, shape }) => {
      const codec = DATATYPES[dtype];
      return { name, datatype: codec.name, shape, dtype, codec };
    }),
    outputs: outputs.map(({ name, dtype, shape }) => {
      return { name, datatype: DATATYPES[dtype].name, shape, graph, output: name };
    }),
  };
}

function fileTensors({ inputs, outputs }: FileTensors): ServedTensors {
  return {
    isFile: true,
    inputs: inputs.map(({ name, dtype, shape }) => {
      const codec = FILE_DATATYPES[dtype];
      return { name, datatype: codec.name, shape, dtype: dtype === 'string' ? dtype : 'float32', codec };
    }),
    outputs: outputs.map(({ dtype, ...output }) => ({ ...output, datatype: DATATYPES[dtype].name })),
  };
}

/** Returns the graphs that answer an address. */
export function graphsOf({ graph, outputs }: ServedGraph): GraphName[] {
  return [...new Set([graph, ...outputs.map((output) => output.graph)])];
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
