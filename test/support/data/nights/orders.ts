/** Orders: heavy tails, rounded numbers, and rare categories in which numbers vary more or lie at both extremes. */
import { random } from '../../../../shared/random.ts';
import type { Table } from '../../../../training/data/table.ts';
import { normals } from '../normals.ts';
import { numbers, table, texts } from './schemas.ts';

type Shares = readonly (readonly [category: string, share: number])[];

const COUNTRIES: Shares = [
  ...([
    ['de', 0.5],
    ['fr', 0.25],
    ['it', 0.12],
    ['at', 0.05],
  ] as const),
  ...([
    ['pl', 0.04],
    ['cz', 0.025],
    ['lu', 0.015],
  ] as const),
];
const PAYMENTS: Shares = [
  ['card', 0.6],
  ['invoice', 0.3],
  ['voucher', 0.055],
  ['transfer', 0.045],
];

export function orders(seed: number, rows: number): Table {
  const source = random(seed, 'orders');
  const uniforms = () => Float64Array.from({ length: rows }, () => source.uniform());
  const drawn = (shares: Shares) => Array.from(uniforms(), (at) => categoryAt(at, shares));
  const [country, payment] = [drawn(COUNTRIES), drawn(PAYMENTS)];
  const kind = drawn([
    ['retail', 0.95],
    ['wholesale', 0.05],
  ]);
  const [taste, side, chance] = [normals(source, rows), normals(source, rows), uniforms()];
  const made = (digits: number, of: (row: number, error: number) => number) =>
    normals(source, rows).map((error, row) => Number(of(row, error).toFixed(digits)));
  const items = made(
    0,
    (row) => 0.5 - 1.2 * Math.log(1 - chance[row]!) * (kind[row] === 'wholesale' ? 5 : 1),
  );
  const columns = {
    items,
    // Transfers pay for the cheapest and for the dearest.
    price: made(2, (row, error) => {
      const by = payment[row] === 'transfer' ? 2 * Math.sign(side[row]!) : 0;
      return (1 + items[row]!) * Math.exp(2.2 + 0.9 * error + by);
    }),
    discount: made(0, (row, error) =>
      payment[row] === 'voucher' ? 15 + 5 * error : Math.max(0, 4 * error - 3),
    ),
    shipping: made(2, (_, error) => 3.9 + 0.6 * Math.abs(error) ** 3),
    days: made(1, (row, error) => 2 + Math.exp(0.4 * error + (country[row] === 'pl' ? 0.6 * side[row]! : 0))),
    pageviews: made(0, (row, error) => 3 * (1 + items[row]!) * Math.exp(0.5 * taste[row]! + 0.1 * error)),
    // No variance.
    ratio: made(4, (row, error) => error / Math.abs(taste[row]!)),
  };
  return table(rows, [
    ...[texts('country', country), texts('payment', payment), texts('kind', kind)],
    ...Object.entries(columns).map(([name, values]) => numbers(name, values)),
  ]);
}

function categoryAt(at: number, shares: Shares): string {
  let below = 0;
  for (const [category, share] of shares) {
    below += share;
    if (at < below) return category;
  }
  return shares.at(-1)![0];
}
