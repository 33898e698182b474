/** Steps: transforms with options, applied in order and fitted to a column's training rows. */
import type * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import type { FittedStep, StepStatistics } from '../data/preprocessing.ts';
import { keysOf } from '../registry.ts';
import { TRANSFORMS, type TransformName, transformOf } from './registry.ts';
import type { Categories, Transform } from './transform.ts';

/** A transform with its options, for instance `{ transform: 'clip', min: 0 }`. */
export type TransformStep = {
  [Name in TransformName]: { readonly transform: Name } & StepOptions<(typeof TRANSFORMS)[Name]['config']>;
}[TransformName];

/** Options by key, since zod's input type of an object without keys admits any key. */
type StepOptions<Schema extends z.ZodObject> = Pick<
  z.input<Schema>,
  keyof Schema['shape'] & keyof z.input<Schema>
>;

/** A column's values between two steps; `''` or NaN is missing, and numbers are `[N, width]`. */
export type Cells =
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'numbers'; readonly values: Float32Array; readonly width: number };

/** @throws {InputError} for an unknown transform or option, and for values that the transform cannot take. */
export function fitStep(step: TransformStep, cells: Cells, place: string): FittedStep {
  const { transform: name, ...given } = step;
  const transform: Transform | undefined = TRANSFORMS[name];
  if (transform === undefined) {
    throw new InputError(
      `${place}: transform '${name}' is unknown; expected one of ${keysOf(TRANSFORMS).join(', ')}`,
    );
  }
  const result = transform.config.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    const at = [name, ...issue!.path].join('.');
    throw new InputError(`${place}: transform '${at}': ${issue!.message}; received ${JSON.stringify(given)}`);
  }
  const options = result.data;
  requireSomeValue(cells, place);
  if (transform.kind === 'number') {
    const statistics = transform.fit(numbersIn(cells, name, place), options, place);
    return { transform: name, options, statistics };
  }
  return { transform: name, options, statistics: transform.fit(stringsIn(cells, name, place), options) };
}

/** @throws {InputError} if a category is unknown or missing and the transform does not accept that. */
export function applyStep(step: FittedStep, cells: Cells, place: string): Cells {
  const { statistics } = step;
  const transform = transformOf(step);
  if (transform.kind === 'number') {
    const { values, ...rest } = cells as Cells & { kind: 'numbers' };
    const applied = new Float32Array(values.length);
    let isChanged = false;
    for (let i = 0; i < values.length; i++) {
      applied[i] = transform.apply(values[i]!, statistics);
      isChanged ||= applied[i] !== values[i];
    }
    // The same array where nothing was missing, for instance: what is known of it need not be found out again.
    return isChanged ? { ...rest, values: applied } : cells;
  }
  const { values } = cells as Cells & { kind: 'strings' };
  if (transform.kind === 'text') {
    return { kind: 'strings', values: values.map((value) => transform.apply(value, statistics)) };
  }
  const { categories, unknown } = statistics as StepStatistics & Categories;
  const places = new Map(categories.map((category, i) => [category, i]));
  const width = transform.width(statistics as StepStatistics & Categories);
  const encoded = new Float32Array(values.length * width);
  values.forEach((value, row) => {
    const index = places.get(value) ?? -1;
    if (index < 0 && unknown === 'error') {
      const found = value === '' ? 'found it missing' : `found ${value}`;
      throw new InputError(
        `${place}, row ${row + 1}: expected one of ${categories.join(', ')}, as in the training rows, ${found}; set unknown to zeros, or leave the row out`,
      );
    }
    transform.apply(index, encoded.subarray(row * width, (row + 1) * width));
  });
  return { kind: 'numbers', values: encoded, width };
}

function requireSomeValue({ kind, values }: Cells, place: string): void {
  const some = kind === 'strings' ? values.some((value) => value !== '') : !values.every(Number.isNaN);
  if (some) return;
  throw new InputError(
    `${place}: expected a value in the training rows, found all missing; ignore the column, or split the rows in another way`,
  );
}

function numbersIn(cells: Cells, name: string, place: string): Float32Array {
  if (cells.kind === 'numbers') return cells.values;
  throw new InputError(
    `${place}: transform '${name}': expected numbers, received categories; encode them with oneHot or label first`,
  );
}

function stringsIn(cells: Cells, name: string, place: string): readonly string[] {
  if (cells.kind === 'strings') return cells.values;
  throw new InputError(`${place}: transform '${name}': expected categories, received numbers`);
}
