import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { columnProfile } from '../../../training/data/columnProfile.ts';
import { halfDistances } from '../../../training/data/halves.ts';
import type { DateColumn } from '../../../training/data/table.ts';
import { numbers, texts } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 4000;
const values = normals(random(1, 'halves'), ROWS);
const known = columnProfile(numbers('x', values));

it('measures a shift of one half in standard deviations of ranks', () => {
  const moved = numbers(
    'x',
    values.map((value, row) => (row < ROWS / 2 ? value : value + 1)),
  );
  const [last, spread] = halfDistances([moved], ROWS, [known]);
  expect(last).toMatchObject({ what: 'x', where: 'the last half of the rows', rows: ROWS / 2 });
  expect(Math.abs(last!.other)).toBeLessThan(0.05);
  // The probability that one normal number exceeds another, one deviation lower, is 0.7602; ranks deviate by 0.2887.
  expect(Math.abs(last!.own - (0.7602 - 0.5) / 0.2887)).toBeLessThan(0.05);
  expect(spread!.what).toBe('distance from the middle of x');
});

it('measures noise by the distance from the middle, and a category by its share', () => {
  const wider = numbers(
    'x',
    values.map((value, row) => (row < ROWS / 2 ? value : 3 * value)),
  );
  const [place, spread] = halfDistances([wider], ROWS, [known]);
  expect(Math.abs(place!.own)).toBeLessThan(0.05);
  expect(spread!.own).toBeGreaterThan(0.5);
  const shops = (more: number) =>
    texts(
      'shop',
      values.map((_, row) => (row % 10 < 3 + (row < ROWS / 2 ? 0 : more) ? 'a' : 'b')),
    );
  const [a] = halfDistances([shops(2)], ROWS, [columnProfile(shops(0))]).filter(
    ({ what }) => what === 'shop a',
  );
  expect(a!.own).toBeCloseTo(0.2 / Math.sqrt(0.3 * 0.7), 5);
  expect(a!.other).toBeCloseTo(0, 5);
});

it('takes the order of a time if the rows are in no order', () => {
  const later = values.map((_, row) => row % 2);
  const at: DateColumn = {
    type: 'date',
    name: 'at',
    values: Float64Array.from(later, (each, row) => 1e6 * each + row),
  };
  const moved = numbers(
    'x',
    values.map((value, row) => value + later[row]!),
  );
  const found = halfDistances([moved, at], ROWS, [known]);
  const by = (where: string) => found.find((each) => each.what === 'x' && each.where === where)!;
  expect(Math.abs(by('the last half of the rows').own - by('the last half of the rows').other)).toBeLessThan(
    0.1,
  );
  expect(by('the last half by at').own - by('the last half by at').other).toBeGreaterThan(0.8);
  const sorted: DateColumn = { ...at, values: Float64Array.from(values, (_, row) => row) };
  expect(
    halfDistances([moved, sorted], ROWS, [known]).every(({ where }) => where.endsWith('of the rows')),
  ).toBe(true);
});

it('compares a sample of many rows, in their order', () => {
  const many = 400_000;
  const source = random(2, 'halves');
  const drawn = Float64Array.from({ length: many }, () => source.uniform());
  const profile = columnProfile(numbers('x', drawn));
  const moved = numbers(
    'x',
    drawn.map((value, row) => (row < many / 2 ? value : value + 0.5)),
  );
  const [last] = halfDistances([moved], many, [profile]);
  expect(last!.rows).toBe(50_000);
  // Half of the moved values are above all others, at the rank 1; the rest are uniform in the upper half.
  const deviation = Math.sqrt(1 / 12);
  expect(Math.abs(last!.own - (0.875 - 0.5) / deviation)).toBeLessThan(0.02);
  expect(Math.abs(last!.other)).toBeLessThan(0.02);
});
