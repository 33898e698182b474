/** A small table for a first model: synthetic orders, a few of which are unlike the others. */
import { random } from '../../shared/random.ts';

const COUNTRIES = ['NL', 'DE', 'FR', 'BE', 'US'] as const;
const ROWS = 2000;
/** One in this many orders is unusual. */
const UNUSUAL = 50;

/** Returns CSV with the columns order_id, amount, items, shipping, hour and country; the same for the same seed. */
export function ordersCsv(seed = 1): string {
  const source = random(seed, 'orders');
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const items = 1 + source.integer(5);
    const usual = items * (8 + 12 * source.uniform());
    const isUnusual = i % UNUSUAL === UNUSUAL - 1;
    const amount = isUnusual ? usual * (8 + 6 * source.uniform()) : usual;
    const shipping = isUnusual ? 0 : 3.9 + 0.5 * items;
    const hour = isUnusual ? source.integer(5) : 8 + source.integer(14);
    const country = COUNTRIES[Math.min(source.integer(5), source.integer(5))]!;
    return [`A${10_000 + i}`, amount.toFixed(2), items, shipping.toFixed(2), hour, country].join(',');
  });
  return ['order_id,amount,items,shipping,hour,country', ...lines, ''].join('\n');
}
