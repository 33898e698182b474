/** Columns of which one is always the lower one, and times of day: what is lost when they are exchanged or cut off. */
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { columnOf, type DateColumn, type Table } from '../../../training/data/table.ts';
import { replaced } from '../../support/data/nights/edits.ts';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { numbers, table, texts } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const [ROWS, HOUR, DAY] = [1000, 3_600_000, 86_400_000];
const STATIONS = ['centre', 'centre', 'centre', 'airport', 'airport', 'harbour', 'north', 'south', 'stadium'];

/** Trips of a day: heavy tails, a start before an end, a price without tax below one with it. */
function trips(seed: number, rows = ROWS): Table {
  const source = random(seed, 'trips');
  const begin = Date.parse('2025-01-06');
  const start = Float64Array.from({ length: rows }, () => Math.round(begin + DAY * source.uniform())).sort();
  const [length, speed, extra] = [0, 1, 2].map(() => normals(source, rows)) as [number[], number[], number[]];
  const distance = length.map((each) => Math.exp(1 + 0.8 * each));
  const net = distance.map((each, i) => 3 + 1.4 * each * Math.exp(0.15 * extra[i]!));
  const station = () => Array.from(start, () => STATIONS[source.integer(STATIONS.length)]!);
  return table(rows, [
    { type: 'date', name: 'start', values: start },
    {
      ...{ type: 'date', name: 'end' },
      values: start.map((at, i) => at + Math.round(0.05 * HOUR * distance[i]! * Math.exp(0.3 * speed[i]!))),
    },
    ...[texts('from', station()), texts('to', station())],
    ...[numbers('distance', distance), numbers('net', net)],
    numbers(
      'gross',
      net.map((each) => 1.19 * each),
    ),
  ]);
}

/** Two columns that changed places where the row is one of those. */
function exchanged(night: Table, a: string, b: string, isOne: (row: number) => boolean): Table {
  const [one, other] = [columnOf(night, a), columnOf(night, b)] as [DateColumn, DateColumn];
  const mixed = (own: DateColumn, from: DateColumn) => ({
    ...own,
    values: own.values.map((value, row) => (isOne(row) ? from.values[row]! : value)),
  });
  return replaced(replaced(night, mixed(one, other)), mixed(other, one));
}

/** A column that has the values of another one where the row is one of those. */
function copied(night: Table, from: string, to: string, isOne: (row: number) => boolean): Table {
  const [source, own] = [columnOf(night, from), columnOf(night, to)] as [DateColumn, DateColumn];
  return replaced(night, {
    ...own,
    values: own.values.map((value, row) => (isOne(row) ? source.values[row]! : value)),
  });
}

const timed = (night: Table, name: string, of: (time: number, row: number) => number): Table => {
  const column = columnOf(night, name) as DateColumn;
  return replaced(night, { ...column, values: column.values.map(of) });
};

describe('the gate order', () => {
  it.each<[string, (night: Table) => Table]>([
    ['a start and an end that changed places', (night) => exchanged(night, 'start', 'end', () => true)],
    [
      'prices that did so in 6 % of the rows',
      (night) => exchanged(night, 'net', 'gross', (i) => i % 16 === 0),
    ],
    [
      'ends that are eight hours off in 6 % of the rows',
      (night) => timed(night, 'end', (time, i) => (i % 16 === 0 ? time - 8 * HOUR : time)),
    ],
    ['ends that are the starts, in all rows', (night) => copied(night, 'start', 'end', () => true)],
    ['prices without tax in 8 % of the rows', (night) => copied(night, 'net', 'gross', (i) => i % 12 === 0)],
  ])('refuses %s', async (_, change) => {
    const refused = await refusalsAfter(trips(1), change(trips(2)), ROWS);
    expect(refused.map(({ gate }) => gate)).toContain('order');
  });
});

describe('the gate rounded', () => {
  it.each([0, 2])('refuses times that have all become midnight, %i hours ahead of UTC', async (ahead) => {
    const cut = (time: number) => time - ((time + ahead * HOUR) % DAY);
    const night = timed(timed(trips(2), 'start', cut), 'end', cut);
    const refused = await refusalsAfter(trips(1), night, ROWS);
    expect(refused).toContainEqual(
      expect.objectContaining({ gate: 'rounded', figures: expect.stringContaining('times at a whole') }),
    );
  });
});

it.each([300, 1000])('honest nights of %i trips pass', async (rows) => {
  for (let seed = 0; seed < 12; seed++)
    expect(await refusalsAfter(trips(100 + seed, rows), trips(200 + seed, rows), rows)).toEqual([]);
});
