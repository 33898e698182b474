/** Preprocessing and its inverse as nodes of a graph. */

import type { FittedColumn, StepStatistics } from '../data/preprocessing.ts';
import { concat } from '../graph/ops/concat.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { lookUp } from '../graph/ops/labelEncoder.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Input, Value } from '../graph/types.ts';
import { constant, input, int64s, scalar } from '../graph/value.ts';
import { type ColumnLayout, encodedWidth, layoutsOf } from './layout.ts';
import { transformOf } from './registry.ts';
import type { Categories } from './transform.ts';

/**
 * The raw inputs of a graph: `rows`, float32 `[N, columns]`, if all columns are numbers; otherwise one
 * float32 or string input `[N, 1]` per column, in order.
 */
export function rawInputs(columns: readonly FittedColumn[]): readonly Input[] {
  if (columns.every(({ type }) => type !== 'category')) return [input('rows', ['N', columns.length])];
  return columns.map(({ name, type }) =>
    input(inputName(name), ['N', 1], type === 'category' ? 'string' : 'float32'),
  );
}

/** Output names, which an input of the same graph must not have. */
const OUTPUTS = [
  'code',
  'reconstruction',
  'error',
  'feature_error',
  'anomaly_score',
  'feature_anomaly_score',
  'mean',
  'log_variance',
  'indices',
  'prediction',
];

function inputName(column: string): string {
  return OUTPUTS.includes(column) ? `${column}_column` : column;
}

/** Encodes raw inputs as rows `[N, width]`. */
export function emitEncoding(columns: readonly FittedColumn[], inputs: readonly Input[]): Value {
  const layouts = layoutsOf(columns);
  const parts: Value[] = [];
  const positions: number[] = [];
  for (const group of groupsOf(columns)) {
    const raw =
      inputs.length === columns.length ? joined(group.map((i) => inputs[i]!)) : pick(inputs[0]!, group);
    parts.push(
      emitSteps(
        group.map((i) => columns[i]!),
        raw,
      ),
    );
    positions.push(...group.flatMap((i) => encodedPositions(layouts[i]!)));
    if (!layouts[group[0]!]!.indicator) continue;
    parts.push(missing(raw));
    positions.push(...group.map((i) => layouts[i]!.start + layouts[i]!.width));
  }
  return arranged(joined(parts), positions);
}

/** Decodes rows `[N, width]` to `[N, decoded width]`: numbers in their units, categories as probabilities. */
export function emitDecoding(columns: readonly FittedColumn[], encoded: Value): Value {
  const layouts = layoutsOf(columns);
  const groups = groupsOf(columns);
  const parts = groups.map((group) => {
    const own = pick(
      encoded,
      group.flatMap((i) => encodedPositions(layouts[i]!)),
    );
    return invertSteps(
      group.map((i) => columns[i]!),
      own,
    );
  });
  const positions = groups.flatMap((group) =>
    group.flatMap((i) => range(layouts[i]!.decodedStart, layouts[i]!.decodedWidth)),
  );
  return arranged(joined(parts), positions);
}

/** Sums the errors of encoded numbers `[N, width]` per column: `[N, columns]`. */
export function columnErrors(columns: readonly FittedColumn[], errors: Value): Value {
  const layouts = layoutsOf(columns);
  const width = errors.shape[1] as number;
  if (width === columns.length) return errors;
  const owns = new Float32Array(width * columns.length);
  layouts.forEach((layout, i) => {
    for (const at of range(layout.start, encodedWidth(layout))) owns[at * columns.length + i] = 1;
  });
  return gemm(errors, constant({ dtype: 'float32', shape: [width, columns.length], data: owns }));
}

/**
 * Groups number columns with the same transforms, which then share nodes; each group lists column indices.
 */
function groupsOf(columns: readonly FittedColumn[]): number[][] {
  const groups = new Map<string, number[]>();
  columns.forEach(({ type, steps }, i) => {
    const names = steps.map(({ transform, options }) => `${transform} ${options.indicator === true}`);
    const key = type === 'category' ? `category ${i}` : names.join();
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()];
}

function emitSteps(group: readonly FittedColumn[], raw: Value): Value {
  return group[0]!.steps.reduce((x, step, i) => {
    const transform = transformOf(step);
    return transform.kind === 'number'
      ? transform.emit(
          x,
          group.map(({ steps }) => steps[i]!.statistics),
        )
      : transform.emit(x, step.statistics as StepStatistics & Categories);
  }, raw);
}

function invertSteps(group: readonly FittedColumn[], encoded: Value): Value {
  return group[0]!.steps.reduceRight((y, step, i) => {
    const transform = transformOf(step);
    if (transform.kind === 'text') return y;
    return transform.kind === 'number'
      ? transform.invert(
          y,
          group.map(({ steps }) => steps[i]!.statistics),
        )
      : transform.invert(y, step.statistics as StepStatistics & Categories);
  }, encoded);
}

function missing(raw: Value): Value {
  return raw.dtype === 'string' ? lookUp(raw, [''], [1], 0) : where(isNan(raw), scalar(1), scalar(0));
}

function encodedPositions({ start, width }: ColumnLayout): number[] {
  return range(start, width);
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => start + i);
}

function joined(parts: readonly Value[]): Value {
  return parts.length === 1 ? parts[0]! : concat(parts, 1);
}

/** Selects the columns at `places`, in that order. */
function pick(x: Value, places: readonly number[]): Value {
  const all = places.length === x.shape[1] && places.every((place, i) => place === i);
  return all ? x : gather(x, int64s(places), 1);
}

/** Moves each column of `x` to its entry in `positions`. */
function arranged(x: Value, positions: readonly number[]): Value {
  const places = new Array<number>(positions.length);
  positions.forEach((position, i) => {
    places[position] = i;
  });
  return pick(x, places);
}
