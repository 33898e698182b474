/** Changes that the distribution of a column hardly shows: poison if they are strong, and honest if they are weak. */
import { Matrix, solve } from 'ml-matrix';
import { random } from '../../../../shared/random.ts';
import type { Table } from '../../../../training/data/table.ts';
import { normals } from '../normals.ts';
import {
  type Case,
  deviationOf,
  fresh,
  type NightContext,
  numberNames,
  replaced,
  textsOf,
  valuesOf,
  withValues,
} from './edits.ts';
import { numbers, texts } from './schemas.ts';

type Change = (night: Table, context: NightContext) => Table;

/** Adds noise, in standard deviations of the column, to its highest fifth. */
const noisyAbove =
  (deviations: number): Change =>
  (night, { schema: { number: name }, seed }) => {
    const values = valuesOf(night, name);
    const errors = normals(random(seed, 'noise above'), values.length);
    const [limit, by] = [
      values.toSorted()[Math.floor(0.8 * values.length)]!,
      deviations * deviationOf(values),
    ];
    const noisy = values.map((value, row) => (value > limit ? value + by * errors[row]! : value));
    return replaced(night, numbers(name, noisy));
  };

/** In each group of `every` rows, the first `rows` repeat the value of the first. */
const held =
  (rows: number, every: number): Change =>
  (night, { schema: { number: name } }) => {
    const values = valuesOf(night, name);
    const made = values.map((value, row) => (row % every < rows ? values[row - (row % every)]! : value));
    return replaced(night, numbers(name, made));
  };

/** Another category of the column in a share of the rows, at random. */
const recategorised =
  (share: number): Change =>
  (night, { schema: { category: name }, seed }) => {
    const source = random(seed, 'another category');
    const own = textsOf(night, name);
    const all = [...new Set(own)].sort();
    const made = own.map((text) => {
      if (source.uniform() >= share) return text;
      const others = all.filter((each) => each !== text);
      return others[source.integer(others.length)]!;
    });
    return replaced(night, texts(name, made));
  };

/** What becomes of a column in the last tenth of the rows. */
const changedLast =
  (next: (value: number, values: Float64Array) => number): Change =>
  (night, { schema: { number: name } }) =>
    withValues(night, name, next, (row, count) => row >= 0.9 * count);

/** A column stretched about its middle. */
const stretched =
  (factor: number): Change =>
  (night, { schema: { number: name } }) => {
    const middle = valuesOf(night, name).toSorted()[night.rowCount >> 1]!;
    return withValues(night, name, (value) => middle + factor * (value - middle));
  };

/** Values that a linear regression on the other columns gives, in a share of the rows. */
const imputed =
  (share: number): Change =>
  (night, { schema: { number: name }, seed }) => {
    const source = random(seed, 'imputed');
    const others = numberNames(night).filter((each) => each !== name);
    const rows = Array.from({ length: night.rowCount }, (_, row) => [
      1,
      ...others.map((each) => valuesOf(night, each)[row]!),
    ]);
    const values = valuesOf(night, name);
    const missing = values.map(() => Number(source.uniform() < share));
    const known = [...missing.keys()].filter((row) => missing[row] === 0);
    const weights = solve(
      new Matrix(known.map((row) => rows[row]!)),
      Matrix.columnVector(known.map((row) => values[row]!)),
    );
    const predicted = new Matrix(rows).mmul(weights).to1DArray();
    return replaced(
      night,
      numbers(
        name,
        values.map((value, row) => (missing[row] ? predicted[row]! : value)),
      ),
    );
  };

const changed = (change: Change): Case => ({ change: (context) => change(fresh(context), context) });

export const HIDDEN_POISONS: Readonly<Record<string, Case>> = {
  'noise of a deviation in the highest fifth of a column': changed(noisyAbove(1)),
  'values that are held for 16 rows, in a third of the rows': changed(held(16, 48)),
  'another category in a third of the rows': changed(recategorised(1 / 3)),
  'a column that is 20 % higher in the last tenth of the rows': changed(changedLast((value) => 1.2 * value)),
  'a column that was stretched by 1.35 about its middle': changed(stretched(1.35)),
  'numbers in a third of the rows that a regression on the others gave': changed(imputed(1 / 3)),
};

export const WEAK_CHANGES: Readonly<Record<string, Case>> = {
  'noise of a twentieth of a deviation in the highest fifth of a column': changed(noisyAbove(0.05)),
  'two equal values of a hundred': changed(held(2, 100)),
  'another category in 3 % of the rows': changed(recategorised(0.03)),
  'a column that lies a tenth of a deviation higher in the last tenth of the rows': changed(
    changedLast((value, all) => value + 0.1 * deviationOf(all)),
  ),
  'a column that was stretched by 1.1 about its middle': changed(stretched(1.1)),
  'numbers in 3 % of the rows that a regression on the others gave': changed(imputed(0.03)),
};
