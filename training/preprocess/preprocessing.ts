/** Raw rows of a preprocessed table, in the form that exported graphs take. */
import type { Tensors } from '../../shared/tensor.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { selectRows, type Table } from '../data/table.ts';
import type { Input, Tensor } from '../graph/types.ts';
import { rawInputs } from './emit.ts';

/** Yields the first `count` raw rows in batches of at most `size`. */
export type RawRows = (count: number, size: number) => Iterable<Tensors>;

/** Selects rows by their indices; the columns stay the same. */
export function pickRaw({ columns, table }: Preprocessing, rows: Uint32Array): Preprocessing {
  return { columns, table: selectRows(table, rows) };
}

/** Returns batches of the rows at the given indices, as inputs of the exported graphs. */
export function rawRows({ columns, table }: Preprocessing, rows: Uint32Array): RawRows {
  const inputs = rawInputs(columns);
  return function* batches(count, size) {
    for (let start = 0; start < count; start += size) {
      yield rawTensors(inputs, selectRows(table, rows.subarray(start, Math.min(start + size, count))));
    }
  };
}

function rawTensors(inputs: readonly Input[], { columns, rowCount }: Table): Tensors {
  if (inputs.length === columns.length) {
    return Object.fromEntries(inputs.map(({ name }, i) => [name, columnTensor(columns[i]!, rowCount)]));
  }
  const width = columns.length;
  const data = new Float32Array(rowCount * width);
  columns.forEach((column, c) => {
    const { data: values } = columnTensor(column, rowCount);
    for (let r = 0; r < rowCount; r++) data[r * width + c] = values[r] as number;
  });
  return { [inputs[0]!.name]: { dtype: 'float32', shape: [rowCount, width], data } };
}

function columnTensor(column: Table['columns'][number], rowCount: number): Tensor {
  const shape = [rowCount, 1];
  if (column.type !== 'category') return { dtype: 'float32', shape, data: Float32Array.from(column.values) };
  const { codes, categories } = column;
  return { dtype: 'string', shape, data: Array.from(codes, (code) => categories[code] ?? '') };
}
