/** The layout of a request's rows, and the graph inputs that they become. */
import { type GraphName, graphSpec, type Manifest } from '../../../shared/manifest.ts';

export interface RowLayout {
  /** The member of the body: rows or codes. */
  readonly takes: 'rows' | 'codes';
  /** The number of values in a row. */
  readonly width: number;
  /** The shape of a row with several axes, such as an image; undefined for flat rows, and parts of rows. */
  readonly shape: readonly number[] | undefined;
  /** The position of each feature, if features have names. */
  readonly positions: ReadonlyMap<string, number> | undefined;
  /** Names of other columns of the training table, which rows may hold. */
  readonly ignored: ReadonlySet<string>;
  /** Returns the name of the feature at a position, if it has one. */
  readonly nameOf: (column: number) => string | undefined;
  /** True if a row may leave out the value at a position. */
  readonly isOptional: (column: number) => boolean;
  /** True if the value at a position is true or false. */
  readonly isBoolean: (column: number) => boolean;
  /** True if any is. */
  readonly hasBooleans: boolean;
  /** The graph's only input `[N, width]`; undefined if it has one input per column. */
  readonly input: string | undefined;
  /** The inputs per column, `[N, 1]` each. */
  readonly columns: readonly { readonly input: string; readonly dtype: 'float32' | 'string' }[];
}

const layouts = new WeakMap<Manifest, Map<string, RowLayout>>();

/** Returns the layout of the rows, or codes, that a graph of the model takes; cached per manifest. */
export function layoutOf(manifest: Manifest, graph: GraphName, takes: 'rows' | 'codes'): RowLayout {
  const known = layouts.get(manifest) ?? new Map<string, RowLayout>();
  layouts.set(manifest, known);
  const layout = known.get(graph) ?? makeLayout(manifest, graph, takes);
  known.set(graph, layout);
  return layout;
}

function makeLayout(manifest: Manifest, graph: GraphName, takes: 'rows' | 'codes'): RowLayout {
  const { features } = manifest;
  const inputs = graphSpec(manifest, graph).inputs.filter(({ name }) => name !== 'condition');
  const [first] = inputs;
  const whole = inputs.length === 1 && first!.dtype === 'float32' && features.columns?.length !== 1;
  const width = whole ? Number(first!.shape[1]) : inputs.length;
  // Some graphs take a part of a row, whose values have no names.
  const names = takes === 'rows' && features.names?.length === width ? features.names : undefined;
  const isBoolean = (column: number) => names !== undefined && features.columns?.[column]?.type === 'boolean';
  return {
    takes,
    width,
    shape:
      takes === 'rows' && width === features.count && features.rowShape.length > 1
        ? features.rowShape
        : undefined,
    positions: names && new Map(names.map((name, position) => [name, position])),
    ignored: new Set(features.ignored),
    nameOf: (column) => names?.[column],
    isOptional: (column) =>
      takes === 'rows' &&
      (names && features.columns ? features.columns[column]!.optional : features.optional),
    isBoolean,
    hasBooleans: Array.from({ length: width }, (_, column) => isBoolean(column)).includes(true),
    input: whole ? first!.name : undefined,
    columns: whole
      ? []
      : inputs.map(({ name, dtype }) => ({ input: name, dtype: dtype === 'string' ? 'string' : 'float32' })),
  };
}
