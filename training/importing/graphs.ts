/** The graphs of an imported model, with the inputs and outputs that those of every artifact have. */
import type { GraphName, SomeGraphs, TensorSpec } from '../../shared/manifest.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import type { onnx } from '../graph/schema.ts';
import { assembled, cast, type Part, type Port, partOf, reshape, squaredErrors } from './build.ts';
import { type InputLayout, inputPorts, rowAdapter } from './inputLayout.ts';
import { merged } from './merge.ts';
import type { Role, RoleChoice } from './roles.ts';

/** A model that was examined, with the roles of its outputs. */
export interface UnderstoodModel {
  /** Path of the file. */
  readonly source: string;
  readonly proto: onnx.IModelProto;
  /** The graph with `prefix` before its names. */
  readonly graph: onnx.IGraphProto;
  readonly prefix: string;
  readonly layout: InputLayout;
  readonly roles: readonly RoleChoice[];
}

/** Names of outputs in graphs, by role. */
const OUTPUTS: Readonly<Partial<Record<Role, string>>> = {
  code: 'code',
  mean: 'mean',
  log_variance: 'log_variance',
  reconstruction: 'reconstruction',
  probabilities: 'prediction',
  prediction: 'prediction',
  label: 'prediction',
};

/** Roles of the outputs of each graph, in the order of its outputs. */
const ENCODED: readonly Role[] = ['code', 'mean', 'log_variance'];
/** Roles that become the graph `predict`. */
export const PREDICTED: readonly Role[] = ['probabilities', 'prediction', 'label'];

/**
 * Builds the graphs that the roles allow: encoder, decoder, autoencoder and predict. `columns` names the inputs if
 * some rows hold text.
 */
export function graphsOf(
  model: UnderstoodModel,
  decoder: UnderstoodModel | undefined,
  columns: readonly string[],
): SomeGraphs<ExportedGraph> {
  const { layout, prefix, roles } = model;
  const ports = inputPorts(layout, columns);
  const body = [...rowAdapter(layout, { prefix, columns }), partOf(model.graph)];
  const { encoded, predicted, reconstructed } = chosenRoles(roles);
  const graph = (
    proto: onnx.IModelProto,
    inputs: readonly Port[],
    parts: readonly Part[],
    outputs: readonly Port[],
  ) => ({
    model: assembled(proto, parts, { inputs, outputs }),
    inputs: inputs.map(specOf),
    outputs: outputs.map(specOf),
  });
  const heads = (choices: readonly RoleChoice[]) => ({
    parts: [...body, ...choices.flatMap((choice) => headOf(choice, prefix))],
    outputs: choices.map(({ role, output }): Port => matrixPort(OUTPUTS[role]!, output.width!)),
  });
  const errors: readonly Port[] = [
    ['error', { dtype: 'float32', shape: ['N'] }],
    matrixPort('feature_error', layout.width),
  ];
  const own = (choices: readonly RoleChoice[]) => {
    const { parts, outputs } = heads(choices);
    return graph(model.proto, ports, parts, outputs);
  };
  const judged = (proto: onnx.IModelProto, parts: readonly Part[]) =>
    graph(
      proto,
      ports,
      [...parts, squaredErrors('rows', 'reconstruction', layout.width)],
      [matrixPort('reconstruction', layout.width), ...errors],
    );
  return {
    ...(encoded.length > 0 && { encoder: own(encoded) }),
    ...(decoder && { decoder: decoderGraph(decoder) }),
    ...(reconstructed &&
      !layout.hasText && { autoencoder: judged(model.proto, heads([reconstructed]).parts) }),
    ...(decoder &&
      !layout.hasText &&
      decodedWidth(decoder) === layout.width && {
        autoencoder: judged(merged(model.proto, decoder.proto), [
          ...heads(encoded.slice(0, 1)).parts,
          ...decoderParts(decoder, OUTPUTS[encoded[0]!.role]!),
        ]),
      }),
    ...(predicted && { predict: own([predicted]) }),
  };
}

interface ChosenRoles {
  readonly encoded: readonly RoleChoice[];
  readonly predicted: RoleChoice | undefined;
  readonly reconstructed: RoleChoice | undefined;
}

/** The outputs that graphs are made of. */
function chosenRoles(roles: readonly RoleChoice[]): ChosenRoles {
  const chosen = (wanted: readonly Role[]) =>
    wanted.flatMap((role) => roles.filter((each) => each.role === role));
  return {
    encoded: chosen(ENCODED).slice(0, 2),
    predicted: chosen(PREDICTED)[0],
    reconstructed: chosen(['reconstruction'])[0],
  };
}

/** An output of the file, and the output of a graph that has its values. */
export interface AnsweredOutput {
  readonly choice: RoleChoice;
  readonly graph: GraphName;
  readonly output: string;
}

/** Returns what `graphsOf` makes of the outputs of the file; a decoder of its own replaces its reconstruction. */
export function answeredOutputs(
  { layout, roles }: UnderstoodModel,
  decoder: UnderstoodModel | undefined,
): AnsweredOutput[] {
  const { encoded, predicted, reconstructed } = chosenRoles(roles);
  const answered = (graph: GraphName, choices: readonly (RoleChoice | undefined)[]) =>
    choices.flatMap((choice) => (choice ? [{ choice, graph, output: OUTPUTS[choice.role]! }] : []));
  return [
    ...answered('encoder', encoded),
    ...answered('autoencoder', layout.hasText || decoder ? [] : [reconstructed]),
    ...answered('predict', [predicted]),
  ];
}

function decodedWidth({ roles }: UnderstoodModel): number | undefined {
  return roles.find(({ role }) => role === 'reconstruction')?.output.width;
}

function decoderGraph(decoder: UnderstoodModel): ExportedGraph {
  const inputs = [matrixPort('code', decoder.layout.width)];
  const outputs = [matrixPort('reconstruction', decodedWidth(decoder)!)];
  return {
    model: assembled(decoder.proto, decoderParts(decoder, 'code'), { inputs, outputs }),
    inputs: inputs.map(specOf),
    outputs: outputs.map(specOf),
  };
}

/** Nodes from the value `code` to `reconstruction`. */
function decoderParts({ graph, layout, prefix, roles }: UnderstoodModel, code: string): Part[] {
  const choice = roles.find(({ role }) => role === 'reconstruction')!;
  return [...rowAdapter(layout, { prefix, from: code }), partOf(graph), ...headOf(choice, prefix)];
}

/** Nodes from an output of the graph to the output `[N, width]` of its role. */
function headOf({ role, output }: RoleChoice, prefix: string): Part[] {
  const [from, to] = [`${prefix}${output.name}`, OUTPUTS[role]!];
  const shape = [-1, output.width!];
  if (output.type === 'float32') return [reshape(from, to, shape)];
  return [cast(from, `${to}#float32`, 'float32'), reshape(`${to}#float32`, to, shape)];
}

function matrixPort(name: string, width: number): Port {
  return [name, { dtype: 'float32', shape: ['N', width] }];
}

function specOf([name, type]: Port): TensorSpec {
  const { dtype, shape } = type!;
  return { name, dtype: dtype as TensorSpec['dtype'], shape: [...shape] };
}
