/**
 * Honest tables of shapes that make chance large: relations that are no line, errors that grow with a value, a level of
 * the day, rows of one user in bursts, heavy tails, counts, and a mix of categories that drifts.
 */
import { type Random, random } from '../../../../shared/random.ts';
import type { DateColumn, Table } from '../../../../training/data/table.ts';
import { normals } from '../normals.ts';
import { numbers, table, texts } from './schemas.ts';

const [HOUR, DAY, START] = [3_600_000, 86_400_000, Date.parse('2025-01-06')];

/** @param level How far the night lies from others, a standard normal number. */
type Make = (source: Random, rows: number, level: () => number, day: number) => Table;

const timesOf = (source: Random, rows: number, day: number, days = 1): DateColumn => ({
  ...{ type: 'date', name: 'at' },
  values: Float64Array.from({ length: rows }, () =>
    Math.floor(START + DAY * (day - days + 1 + days * source.uniform())),
  ).sort(),
});
const hourOf = (time: number) => (2 * Math.PI * (time % DAY)) / DAY;
const rounded = (digits: number, values: ArrayLike<number>) =>
  Float64Array.from(values, (value) => Number(value.toFixed(digits)));
const poisson = (source: Random, mean: number) => {
  const least = Math.exp(-Math.min(mean, 500));
  let count = -1;
  for (let product = 1; product > least; count++) product *= 1 - source.uniform();
  return count;
};
const drawn = (source: Random, shares: Readonly<Record<string, number>>) => {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  let at = total * source.uniform();
  for (const [name, share] of Object.entries(shares)) {
    if (at < share) return name;
    at -= share;
  }
  return Object.keys(shares)[0]!;
};

export const HONEST_TABLES = {
  /** Columns that follow others by their size, whichever sign they have, and a level of the day. */
  folded: (source, rows, level, day) => {
    const at = timesOf(source, rows, day);
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(() => normals(source, rows)) as number[][];
    const shift = 0.3 * level();
    const t = Array.from(at.values, (time, i) => 8 * Math.sin(hourOf(time) - 2) + 2 * a![i]! + shift);
    return table(rows, [
      at,
      numbers('temperature', rounded(1, t)),
      numbers(
        'low',
        rounded(
          0,
          t.map((v, i) => v - Math.abs(1.5 * b![i]!)),
        ),
      ),
      numbers(
        'high',
        rounded(
          0,
          t.map((v, i) => v + Math.abs(1.5 * c![i]!)),
        ),
      ),
      numbers('wind', b!),
      numbers(
        'load',
        t.map((v, i) => 40 + 2 * Math.abs(v - 3) + 1.5 * d![i]!),
      ),
      numbers(
        'power',
        t.map((v, i) => (v - shift / 2) ** 2 / 8 + e![i]!),
      ),
    ]);
  },
  /** Errors that grow with the value, and with another column. */
  uneven: (source, rows, level) => {
    const [x, y, e, f, g] = [0, 1, 2, 3, 4].map(() => normals(source, rows)) as number[][];
    const shift = 0.04 * level();
    const size = x!.map((v) => Math.exp(3 + 0.7 * v + shift));
    return table(rows, [
      numbers('size', rounded(1, size)),
      numbers(
        'price',
        rounded(
          2,
          size.map((v, i) => v * (2 + 0.4 * e![i]!)),
        ),
      ),
      numbers(
        'weight',
        size.map((v, i) => 0.3 * v * Math.exp(0.25 * f![i]!)),
      ),
      numbers(
        'age',
        rounded(
          1,
          y!.map((v) => 40 + 12 * v),
        ),
      ),
      numbers(
        'risk',
        x!.map((v, i) => v + 0.6 * Math.exp(0.6 * y![i]!) * g![i]!),
      ),
      texts(
        'grade',
        y!.map((v, i) => (v + 0.7 * g![i]! > 0.8 ? 'high' : v < -1 ? 'low' : 'middle')),
      ),
    ]);
  },
  /** Measurements of four weeks: an hour of the day, weather that wanders, and a level of the season. */
  seasonal: (source, rows, level, day) => {
    const at = timesOf(source, rows, day, 28);
    const [e, f, g, h] = [0, 1, 2, 3].map(() => normals(source, rows)) as number[][];
    const [warm, busy] = [0.08 * level(), 0.08 * level()];
    // It changes within some hours.
    let wander = 0;
    const weather = Array.from(at.values, (time, i) => {
      const kept = i === 0 ? 0 : Math.exp((at.values[i - 1]! - time) / (4 * HOUR));
      wander = kept * wander + Math.sqrt(1 - kept ** 2) * e![i]!;
      return wander;
    });
    const hour = Array.from(at.values, hourOf);
    const demand = hour.map(
      (v, i) => 50 + 12 * Math.sin(v - 2) + 5 * Math.sin(2 * v) + 4 * f![i]! + 10 * busy,
    );
    return table(rows, [
      at,
      numbers(
        'outside',
        rounded(
          1,
          hour.map((v, i) => 12 + 5 * Math.sin(v - 2.3) + 1.5 * weather[i]! + 5 * warm),
        ),
      ),
      numbers('demand', rounded(1, demand)),
      numbers(
        'price',
        rounded(
          2,
          demand.map((v, i) => Math.exp(0.04 * (v - 50) + 0.2 * g![i]!) * 40),
        ),
      ),
      numbers(
        'wind',
        rounded(
          2,
          weather.map((v, i) => Math.exp(1.5 + 0.3 * v + 0.4 * h![i]!)),
        ),
      ),
      numbers(
        'solar',
        rounded(
          0,
          hour.map((v, i) => Math.max(0, -Math.cos(v)) * 400 * Math.exp(0.2 * weather[i]!)),
        ),
      ),
    ]);
  },
  /** Visits of users in bursts: what a user does is alike. */
  bursts: (source, rows, level, day) => {
    const at = timesOf(source, rows, day);
    const shift = 0.05 * level();
    const users: { taste: number; budget: number; device: string }[] = [];
    let [left, user] = [0, -1];
    const own = Array.from(at.values, () => {
      if (left-- <= 0) {
        [left, user] = [Math.floor(-3 * Math.log(1 - source.uniform())), user + 1];
        const [taste, budget] = normals(source, 2) as [number, number];
        users.push({ taste, budget, device: drawn(source, { phone: 0.6, desktop: 0.3, tablet: 0.1 }) });
      }
      return users[user]!;
    });
    const [e, f, g] = [0, 1, 2].map(() => normals(source, rows)) as number[][];
    const seconds = own.map(({ taste }, i) => Math.exp(3 + 0.5 * taste + 0.5 * e![i]! + shift));
    return table(rows, [
      at,
      texts(
        'device',
        own.map(({ device }) => device),
      ),
      numbers('seconds', rounded(1, seconds)),
      numbers(
        'pages',
        seconds.map((v) => 1 + poisson(source, v / 12)),
      ),
      numbers(
        'basket',
        rounded(
          2,
          own.map(({ budget }, i) => Math.exp(3.2 + 0.6 * budget + 0.3 * f![i]!)),
        ),
      ),
      numbers(
        'scroll',
        rounded(
          2,
          own.map(({ taste }, i) => 1 / (1 + Math.exp(-taste - 0.8 * g![i]!))),
        ),
      ),
      texts(
        'page',
        own.map(({ taste }) =>
          drawn(source, { home: 3, list: 3, item: 3 * Math.exp(0.5 * taste), help: 0.5 }),
        ),
      ),
    ]);
  },
  /** Claims: tails without a variance, counts that are mostly 0, and rare classes. */
  tails: (source, rows, level) => {
    const [x, y, e, f] = [0, 1, 2, 3].map(() => normals(source, rows)) as number[][];
    const shift = 0.04 * level();
    const pareto = x!.map(() => (1 - source.uniform()) ** (-1 / 1.6));
    const claims = x!.map((v) => poisson(source, Math.exp(-1.6 + 0.6 * v + shift)));
    return table(rows, [
      numbers(
        'income',
        rounded(
          0,
          x!.map((v, i) => 30_000 * Math.exp(0.6 * v + 0.3 * e![i]! + shift)),
        ),
      ),
      numbers('claims', claims),
      numbers(
        'paid',
        rounded(
          2,
          claims.map((n, i) => (n === 0 ? 0 : 300 * n * pareto[i]!)),
        ),
      ),
      numbers(
        'premium',
        rounded(
          2,
          x!.map((v, i) => 200 + 60 * Math.exp(0.5 * v) + 20 * Math.abs(f![i]!) ** 2),
        ),
      ),
      numbers(
        'ratio',
        y!.map((v, i) => v / Math.abs(f![i]!)),
      ),
      numbers(
        'kilometres',
        rounded(
          0,
          y!.map((v) => 1000 * Math.max(0, 9 + 6 * v)),
        ),
      ),
      texts(
        'class',
        y!.map((v) => drawn(source, { a: 10, b: 4 * Math.exp(0.5 * v), c: 1, d: 0.4 })),
      ),
    ]);
  },
  /** Orders whose mix of shops and products drifts by two or three of a hundred from night to night. */
  mix: (source, rows, level) => {
    const drift = (share: number) => share * Math.exp((0.025 / Math.sqrt(share)) * level());
    const shops = { town: drift(0.5), mall: drift(0.3), web: drift(0.15), depot: drift(0.05) };
    const products = {
      book: drift(0.4),
      game: drift(0.25),
      toy: drift(0.2),
      tool: drift(0.1),
      art: drift(0.05),
    };
    const shop = Array.from({ length: rows }, () => drawn(source, shops));
    const product = shop.map((each) =>
      drawn(source, each === 'web' ? { ...products, game: 2 * products.game } : products),
    );
    const [e, f, g] = [0, 1, 2].map(() => normals(source, rows)) as number[][];
    const base: Record<string, number> = { book: 2.5, game: 3.6, toy: 2.8, tool: 3.9, art: 4.8 };
    const net = product.map((each, i) => Math.exp(base[each]! + 0.4 * e![i]!));
    const items = shop.map((each) => 1 + poisson(source, each === 'depot' ? 6 : 0.8));
    return table(rows, [
      ...[texts('shop', shop), texts('product', product)],
      numbers('net', rounded(2, net)),
      numbers(
        'gross',
        rounded(
          2,
          net.map((v, i) => v * (product[i] === 'book' ? 1.07 : 1.19)),
        ),
      ),
      numbers('items', items),
      numbers(
        'total',
        rounded(
          2,
          net.map((v, i) => v * items[i]! * (1 - 0.02 * Math.abs(f![i]!))),
        ),
      ),
      numbers(
        'minutes',
        rounded(
          0,
          shop.map((each, i) => Math.exp((each === 'web' ? 3.5 : 2.2) + 0.6 * g![i]!)),
        ),
      ),
      numbers(
        'days',
        shop.map((each) => (each === 'web' ? 1 + poisson(source, 2) : 0)),
      ),
    ]);
  },
} satisfies Record<string, Make>;

export type HonestTable = keyof typeof HONEST_TABLES;

/** A night of one of them; the same seed, the same night. */
export function honestTable(name: HonestTable, seed: number, rows: number): Table {
  const source = random(seed, name);
  const level = random(seed, `level of ${name}`);
  const make: Make = HONEST_TABLES[name];
  return make(source, rows, () => normals(level, 1)[0]!, 3);
}
