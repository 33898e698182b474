/** What an imported model takes and gives, as rows of tables for people. */
import { shown } from './names.ts';
import { operatorsOf } from './readModel.ts';
import type { Understanding } from './understand.ts';

export interface DescribedTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: string;
  /** What rows and answers make of it. */
  readonly use: string;
  readonly reason: string;
}

/** Describes every input and output, in order. */
export function describedTensors({ model, decoder, foreign }: Understanding): DescribedTensor[] {
  const { parts } = model.layout;
  const inputs = parts.map(({ input, width, start, constant }): DescribedTensor => {
    const place =
      constant !== undefined
        ? `always ${constant}`
        : width === 1
          ? `value ${start} of a row`
          : `values ${start} to ${start + width - 1} of a row`;
    const reason =
      input.type === 'float32' || input.type === 'string' ? '' : `cast from float32 to ${input.type}`;
    return { name: shown(input.name), type: input.type, shape: shapeText(input.shape), use: place, reason };
  });
  const outputs = [...model.roles, ...(decoder?.roles ?? [])].map(
    ({ output, role, reason }): DescribedTensor => {
      const declared = foreign.outputs.find(({ name }) => name === output.name)?.shape;
      const shape = output.width === undefined ? shapeText(declared) : `[N, ${output.width}]`;
      return { name: shown(output.name), type: output.type, shape, use: role.replace('_', ' '), reason };
    },
  );
  return [...inputs, ...outputs];
}

/** The operators of the model and of its decoder, most frequent first: `Gemm (4), Relu (3)`. */
export function operatorsText({ foreign, decoder }: Understanding): string {
  const counts = new Map<string, number>();
  for (const proto of [foreign.proto, ...(decoder ? [decoder.proto] : [])]) {
    for (const [operator, count] of operatorsOf(proto))
      counts.set(operator, (counts.get(operator) ?? 0) + count);
  }
  return [...counts].map(([operator, count]) => `${shown(operator)} (${count})`).join(', ');
}

export function opsetsText({ foreign }: Understanding): string {
  return Object.entries(foreign.opsets)
    .map(([domain, version]) => `${shown(domain)} ${version}`)
    .join(', ');
}

function shapeText(shape: readonly (number | string)[] | undefined): string {
  if (shape === undefined) return 'unknown';
  return `[${shape.map((size) => (typeof size === 'string' ? shown(size) : size)).join(', ')}]`;
}
