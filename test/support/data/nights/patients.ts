/** Patients of all ages: sizes that follow from the age by a curve, and charges that follow from two categories. */
import { type Random, random } from '../../../../shared/random.ts';
import type { Table } from '../../../../training/data/table.ts';
import { normals } from '../normals.ts';
import { replaced, textsOf, valuesOf, withValues } from './edits.ts';
import { numbers, table, texts } from './schemas.ts';

const HOSPITALS = ['north', 'north', 'north', 'south', 'south', 'east', 'east', 'west', 'west', 'coast'];

export function patients(seed: number, rows: number): Table {
  const source = random(seed, 'patients');
  const [e, f, g, h] = [0, 1, 2, 3].map(() => normals(source, rows)) as number[][];
  const ages = Array.from({ length: rows }, (_, row) => ageOf(source, e![row]!));
  const heights = ages.map((age, row) => heightAt(age) * (1 + 0.04 * f![row]!));
  const weights = heights.map((height, row) => {
    const index = (ages[row]! < 18 ? 15 + ages[row]! / 3 : 25) * Math.exp(0.15 * g![row]!);
    return index * (height / 100) ** 2;
  });
  const hospital = ages.map(() => HOSPITALS[source.integer(HOSPITALS.length)]!);
  const insurance = ages.map(() => (source.uniform() < 0.2 ? 'private' : 'statutory'));
  const days = ages.map((age, row) => Math.max(1, Math.round(Math.exp(1 + age / 100 + 0.5 * h![row]!))));
  return table(rows, [
    ...[texts('hospital', hospital), texts('insurance', insurance)],
    numbers('age', rounded(1, ages)),
    ...[numbers('height', rounded(0, heights)), numbers('weight', rounded(1, weights))],
    numbers(
      'pressure',
      rounded(
        0,
        ages.map((age, row) => 95 + 0.5 * age + 12 * g![row]! * 0.5 + 9 * h![row]!),
      ),
    ),
    numbers('days', days),
    // Those with statutory insurance alone pay by the day.
    numbers(
      'charge',
      days.map((each, row) => (insurance[row] === 'private' ? 0 : 10 * each)),
    ),
  ]);
}

/** One in twelve is a small child. */
function ageOf(source: Random, error: number): number {
  if (source.uniform() < 0.08) return 4 * source.uniform();
  return Math.min(98, Math.max(4, 52 + 22 * error));
}

function heightAt(age: number): number {
  return age < 18 ? 50 + 122 * (age / 18) ** 0.6 : 172;
}

function rounded(digits: number, values: readonly number[]) {
  return values.map((value) => Number(value.toFixed(digits)));
}

/** Poison in a part of the rows alone, where each value is one that occurs; with the columns that show it. */
export const PARTIAL: Readonly<Record<string, readonly [columns: string, change: (night: Table) => Table]>> =
  {
    'months in place of years for children below 4': [
      'age and height',
      (night) => withValues(night, 'age', (age) => (age < 4 ? Math.round(12 * age) : age)),
    ],
    'a charge for private patients of one hospital': [
      'charge and insurance',
      (night) => {
        const [hospital, insurance] = [textsOf(night, 'hospital'), textsOf(night, 'insurance')];
        const days = valuesOf(night, 'days');
        const charges = valuesOf(night, 'charge').map((charge, row) =>
          hospital[row] === 'coast' && insurance[row] === 'private' ? 10 * days[row]! : charge,
        );
        return replaced(night, numbers('charge', charges));
      },
    ],
  };
