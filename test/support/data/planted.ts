/** A table in which a few rows were changed in one column each, to test which column is to blame. */
import { random } from '../../../shared/random.ts';

export const PLANTS = ['extreme', 'category', 'missing', 'conflict'] as const;

export type Plant = (typeof PLANTS)[number];

export interface PlantedTable {
  /** The table as CSV. */
  readonly csv: string;
  readonly columns: readonly string[];
  /** Name of the changed column by row. */
  readonly planted: ReadonlyMap<number, string>;
}

const CITIES = ['bern', 'chur', 'genf', 'thun', 'visp', 'zug'] as const;
const NUMBERS = ['age', 'height', 'weight', 'reach', 'income', 'spending', 'saving', 'visits', 'amount'];

/**
 * Orders of customers: correlated numbers, a skewed amount, two columns of categories and a boolean. One row in 40
 * is changed: an `extreme` number, a `category` that no other row has, a number that is `missing`, or a number
 * of another row, which is usual by itself and in `conflict` with the others.
 */
export function plantedTable(plant: Plant, rowCount = 1600, seed = 3): PlantedTable {
  const source = random(seed, `planted/${plant}`);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - source.uniform())) * Math.cos(2 * Math.PI * source.uniform());
  const rows = Array.from({ length: rowCount }, () => {
    const [body, money] = [normal(), normal()];
    return {
      age: 40 + 12 * normal(),
      height: 170 + 9 * body + normal(),
      weight: 70 + 11 * body + 1.5 * normal(),
      reach: 172 + 10 * body + normal(),
      income: 4000 + 900 * money + 90 * normal(),
      spending: 3000 + 600 * money + 60 * normal(),
      saving: 800 + 250 * money + 25 * normal(),
      visits: Math.floor(6 * source.uniform()),
      amount: Math.exp(3 + 0.8 * normal()),
      city: CITIES[source.integer(CITIES.length)]! as string,
      colour: source.uniform() < 0.7 ? 'red' : 'blue',
      member: source.uniform() < 0.4 ? 'true' : 'false',
    } as Record<string, number | string>;
  });
  const columns = Object.keys(rows[0]!);
  const ordinary = rows.map((row) => ({ ...row }));
  const planted = new Map<number, string>();
  for (let row = 0; row < rowCount; row += 40) {
    const one = rows[row]!;
    const pick = (among: readonly string[]) => among[source.integer(among.length)]!;
    const column = {
      extreme: () => pick(NUMBERS),
      category: () => pick(['city', 'colour']),
      missing: () => pick(NUMBERS),
      conflict: () => pick(['height', 'weight', 'reach', 'income', 'spending', 'saving']),
    }[plant]();
    const values = ordinary.map((each) => Number(each[column]));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    one[column] = {
      extreme: () => high + 2 * (high - low),
      category: () => `rare${row}`,
      missing: () => '',
      // The other side of the range.
      conflict: () => {
        const sorted = values.toSorted((a, b) => a - b);
        const isHigh = Number(one[column]) > sorted[rowCount >> 1]!;
        return sorted[Math.floor(rowCount * (isHigh ? 0.1 : 0.9))]!;
      },
    }[plant]();
    planted.set(row, column);
  }
  const lines = rows.map((row) => columns.map((column) => row[column]).join());
  return { csv: [columns.join(), ...lines].join('\n'), columns, planted };
}
