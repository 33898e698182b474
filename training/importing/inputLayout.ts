/** Rows of a request as the inputs of a model that was made elsewhere. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import type { TensorType } from '../graph/types.ts';
import { cast, columnsOf, constantRows, identity, joined, type Part, type Port, reshape } from './build.ts';
import { isNumeric } from './elementTypes.ts';
import { shown } from './names.ts';
import type { ForeignModel, ForeignTensor } from './readModel.ts';

/** An input with its place in a row. */
export interface InputPart {
  readonly input: ForeignTensor;
  /** Sizes after the batch; empty if the input is one number per row. */
  readonly sizes: readonly number[];
  /** Number of values per row, and the position of the first one. */
  readonly width: number;
  readonly start: number;
  /** The number that all of its values are, if it is no part of a row. */
  readonly constant?: number;
}

export interface LayoutOptions {
  /** Sizes of inputs after the batch, by name, for those that the graph leaves open. */
  readonly sizes?: Readonly<Record<string, readonly number[]>>;
  /** Inputs that are no part of a row, with the number that all of their values are. */
  readonly constants?: Readonly<Record<string, number>>;
}

export interface InputLayout {
  readonly parts: readonly InputPart[];
  /** The parts that are not constant. */
  readonly varying: readonly InputPart[];
  /** Number of values in a row. */
  readonly width: number;
  /** The batch size that the graph was exported with; undefined if any is accepted. */
  readonly fixedBatch: number | undefined;
  /** True if some values are text: each column is then an input of its own. */
  readonly hasText: boolean;
}

/** Most values in a row, as a bound for what a file may declare. */
const MOST_VALUES = 2 ** 22;

/**
 * Lays out a row: the values of all inputs in their order, without those that are constant.
 * @throws {InputError} naming the input, if it has no batch, or a size is unknown.
 */
export function inputLayoutOf(
  { source, inputs }: ForeignModel,
  { sizes: sizesGiven = {}, constants = {} }: LayoutOptions = {},
): InputLayout {
  if (inputs.length === 0)
    throw new InputError(`${source}: expected a graph with inputs, found one that only has constants`);
  const batches = new Set<number | string>();
  const parts: InputPart[] = [];
  let width = 0;
  for (const input of inputs) {
    const name = `input '${shown(input.name)}'`;
    if (!isNumeric(input.type) && input.type !== 'string') {
      throw new InputError(
        `${source}: ${name}: expected a tensor of numbers or text, received ${input.type}; convert it within the graph`,
      );
    }
    const given = Object.hasOwn(sizesGiven, input.name) ? sizesGiven[input.name] : undefined;
    const shape = given ? ['N', ...given] : input.shape;
    if (shape === undefined || shape.length === 0) {
      throw new InputError(
        `${source}: ${name}: expected a shape that begins with the batch, received ${shape ? 'a scalar' : 'none'}; export it as [N, ...], or state the rest with --input-shape '${shown(input.name)}=8'`,
      );
    }
    const [batch, ...sizes] = shape;
    const open = sizes.filter((size) => typeof size === 'string');
    if (open.length > 0) {
      const isElsewhere = typeof batch === 'number' && open.length === 1;
      const advice = isElsewhere
        ? `the batch first; transpose it in the model (batch_first=True for recurrent layers of PyTorch) or, if ${batch} is the batch,`
        : 'only the batch to be open;';
      throw new InputError(
        `${source}: ${name} has shape [${shape.join(', ')}]: expected ${advice} state the other sizes with --input-shape '${shown(input.name)}=${sizes.map((size) => (typeof size === 'string' ? 16 : size)).join(',')}'`,
      );
    }
    const own = (sizes as number[]).reduce((product, size) => product * size, 1);
    if (!(own > 0 && width + own <= MOST_VALUES)) {
      throw new InputError(
        `${source}: ${name} has shape [${shape.join(', ')}]: expected up to ${MOST_VALUES} values per row`,
      );
    }
    const constant = Object.hasOwn(constants, input.name) ? constants[input.name] : undefined;
    parts.push({
      ...{ input, sizes: sizes as number[], width: own, start: width },
      ...(constant !== undefined && { constant }),
    });
    if (constant !== undefined) continue;
    batches.add(batch!);
    width += own;
  }
  assertKnown(source, { ...sizesGiven, ...constants }, inputs);
  const varying = parts.filter(({ constant }) => constant === undefined);
  if (width === 0) throw new InputError(`${source}: expected an input that is not constant, found none`);
  const [batch] = [...batches];
  const closed = varying.find(({ input }) => typeof input.shape?.[0] === 'number');
  if (closed !== undefined && batches.size > 1) {
    throw new InputError(
      `${source}: input '${shown(closed.input.name)}' has shape [${closed.input.shape!.join(', ')}]: expected the batch first, as in the others; if it is a weight, export it as a constant (in Keras, Rescaling in place of Normalization)`,
    );
  }
  return {
    ...{ parts, width, varying },
    fixedBatch: typeof batch === 'number' ? batch : undefined,
    hasText: parts.some(({ input }) => input.type === 'string'),
  };
}

/** Name and type of every column of the rows that hold text. */
export function textColumns({
  varying: parts,
}: InputLayout): { readonly name: string; readonly isText: boolean }[] {
  return parts.flatMap(({ input, width }) =>
    Array.from({ length: width }, (_, i) => ({
      name: width === 1 ? input.name : `${input.name}_${i}`,
      isText: input.type === 'string',
    })),
  );
}

export interface AdapterOptions {
  /** Put before the names of the graph. */
  readonly prefix: string;
  /** Names of the inputs `[N, 1]`, one per column, if some rows hold text. */
  readonly columns?: readonly string[];
  /** Name of the value `[N, width]`; `rows` by default. */
  readonly from?: string;
}

/** Inputs `rows [N, width]`, or one `[N, 1]` per column if some rows hold text. */
export function inputPorts(
  { varying: parts, width, hasText }: InputLayout,
  columns: readonly string[] = [],
): Port[] {
  if (!hasText) return [['rows', { dtype: 'float32', shape: ['N', width] }]];
  const types = parts.flatMap(({ input, width: own }) =>
    new Array<TensorType['dtype']>(own).fill(input.type === 'string' ? 'string' : 'float32'),
  );
  return types.map((dtype, i): Port => [columns[i]!, { dtype, shape: ['N', 1] }]);
}

/** Nodes that make the inputs of the graph from those of `inputPorts`. */
export function rowAdapter(
  { parts, varying, width, hasText }: InputLayout,
  { prefix, columns = [], from: rows = 'rows' }: AdapterOptions,
): Part[] {
  // The first column that is no text, whose number of rows a constant has.
  const numbersAt = varying.find(({ input }) => input.type !== 'string')?.start ?? 0;
  return parts.flatMap(({ input, sizes, width: own, start, constant }): Part[] => {
    const target = `${prefix}${input.name}`;
    // Names that begin with a # are no names of the graph, which all begin with the prefix.
    const at = (step: string) => `#${target}/${step}`;
    let from = rows;
    const steps: Part[] = [];
    if (constant !== undefined) {
      from = at('constant');
      steps.push(
        constantRows(hasText ? columns[numbersAt]! : rows, hasText ? 1 : width, from, own, constant),
      );
    } else if (hasText) {
      from = at('joined');
      steps.push(joined(columns.slice(start, start + own), from));
    } else if (own < width) {
      steps.push(columnsOf(rows, at('columns'), start, start + own));
      from = at('columns');
    }
    if (input.type !== 'float32' && input.type !== 'string') {
      steps.push(cast(from, at('cast'), input.type));
      from = at('cast');
    }
    return [...steps, sizes.length === 1 ? identity(from, target) : reshape(from, target, [-1, ...sizes])];
  });
}

/** @throws {InputError} if a flag names an input that does not exist. */
function assertKnown(
  source: string,
  named: Readonly<Record<string, unknown>>,
  inputs: readonly ForeignTensor[],
): void {
  const names = inputs.map(({ name }) => name);
  const unknown = Object.keys(named).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new InputError(
    `${source}: has no input '${shown(unknown)}': expected one of ${names.map((each) => shown(each)).join(', ')}${didYouMean(unknown, names)}`,
  );
}
