/** What a row of a request holds, and which inputs of a graph it becomes. */
import { type GraphName, graphSpec, type Manifest } from '../../../shared/manifest.ts';

export interface RowLayout {
  /** Whether these are rows, or codes. */
  readonly takes: 'rows' | 'codes';
  /** Values in a row. */
  readonly width: number;
  /** The position of each feature, where they have names. */
  readonly positions: ReadonlyMap<string, number> | undefined;
  /** The name of the feature at a position, if it has one. */
  readonly nameOf: (column: number) => string | undefined;
  /** Whether a row may leave the value at a position out. */
  readonly isOptional: (column: number) => boolean;
  /** The graph's one input `[N, width]`; undefined where it has an input for each column. */
  readonly input: string | undefined;
  /** Those inputs, `[N, 1]` each. */
  readonly columns: readonly { readonly input: string; readonly dtype: 'float32' | 'string' }[];
}

const layouts = new WeakMap<Manifest, Map<string, RowLayout>>();

/** The layout of the rows, or codes, that one of the model's graphs takes; worked out once. */
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
  // Some graphs take a part of a row, whose values have no names of their own.
  const names = takes === 'rows' && features.names?.length === width ? features.names : undefined;
  return {
    takes,
    width,
    positions: names && new Map(names.map((name, position) => [name, position])),
    nameOf: (column) => names?.[column],
    isOptional: (column) =>
      takes === 'rows' &&
      (names && features.columns ? features.columns[column]!.optional : features.optional),
    input: whole ? first!.name : undefined,
    columns: whole
      ? []
      : inputs.map(({ name, dtype }) => ({ input: name, dtype: dtype === 'string' ? 'string' : 'float32' })),
  };
}
