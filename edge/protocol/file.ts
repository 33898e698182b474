/** Imported models by the tensors of their files: what these become in our graphs, and back. */
import type { NumberTensor, Tensor, Tensors } from '../../shared/tensor.ts';
import type { RowLayout } from '../requests/rows/layout.ts';
import type { ServedOutput } from './served.ts';

/**
 * Returns the inputs of graphs that have the values of a file's inputs `[N, ...]`, given in the order of the file:
 * side by side, they are the rows.
 */
export function rowsOf(tensors: readonly Tensor[], rowCount: number, { input, columns }: RowLayout): Tensors {
  if (input !== undefined)
    return { [input]: { dtype: 'float32', ...joined(tensors as readonly NumberTensor[], rowCount) } };
  const parts = tensors.flatMap(({ data }) => {
    const width = data.length / rowCount;
    return Array.from({ length: width }, (_, column) => ({ data, width, column }));
  });
  const shape = [rowCount, 1];
  return Object.fromEntries(
    columns.map(({ input: name, dtype }, i): [string, Tensor] => {
      const { data, width, column } = parts[i]!;
      const values = Array.from({ length: rowCount }, (_, row) => data[row * width + column]!);
      if (dtype === 'string') return [name, { dtype, shape, data: values as string[] }];
      return [name, { dtype, shape, data: Float32Array.from(values as number[]) }];
    }),
  );
}

function joined(tensors: readonly NumberTensor[], rowCount: number): { shape: number[]; data: Float32Array } {
  const widths = tensors.map(({ data }) => data.length / rowCount);
  const width = widths.reduce((sum, each) => sum + each, 0);
  const [first] = tensors;
  if (tensors.length === 1) return { shape: [rowCount, width], data: first!.data as Float32Array };
  const data = new Float32Array(rowCount * width);
  let start = 0;
  for (const [i, tensor] of tensors.entries()) {
    const values = tensor.data as Float32Array;
    const own = widths[i]!;
    for (let row = 0; row < rowCount; row++)
      data.set(values.subarray(row * own, (row + 1) * own), row * width + start);
    start += own;
  }
  return { shape: [rowCount, width], data };
}

/** Returns a result of a graph as the file declares it; what is not finite has a row that is not answered. */
export function fileOutput({ data }: NumberTensor, { datatype, shape }: ServedOutput): NumberTensor {
  const sizes = shape.slice(1) as number[];
  const width = sizes.reduce((product, size) => product * size, 1);
  const own = [data.length / width, ...sizes];
  if (datatype !== 'INT64') return { dtype: 'float32', shape: own, data: data as Float32Array };
  const whole = (value: number) => (Number.isFinite(value) ? BigInt(Math.round(value)) : -1n);
  return { dtype: 'int64', shape: own, data: BigInt64Array.from(Array.from(data, Number), whole) };
}
