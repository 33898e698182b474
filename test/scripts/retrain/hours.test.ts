/** Times that are some hours off, where columns follow from the hour. */
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { columnOf, type DateColumn, type Table } from '../../../training/data/table.ts';
import { replaced } from '../../support/data/nights/edits.ts';
import { refusalsAfter } from '../../support/data/nights/judging.ts';
import { numbers, table } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const [ROWS, HOUR, DAY] = [1000, 3_600_000, 86_400_000];

/** Two columns, of which one has a daily cycle. @param hours The part of the day that has rows. */
function weather(seed: number, hours = 24): Table {
  const source = random(seed, 'weather');
  const start = Date.parse('2025-01-06');
  const at = Float64Array.from({ length: ROWS }, () => start + hours * HOUR * source.uniform()).sort();
  const [a, b] = [normals(source, ROWS), normals(source, ROWS)];
  return table(ROWS, [
    { type: 'date', name: 'at', values: at },
    numbers(
      'temperature',
      at.map((time, i) => 5 * Math.sin((2 * Math.PI * (time - start)) / DAY - 2) + 2 * a[i]!),
    ),
    numbers('wind', b),
  ]);
}

const later = (night: Table, of: (time: number) => number): Table => {
  const column = columnOf(night, 'at') as DateColumn;
  return replaced(night, { ...column, values: column.values.map(of) });
};

describe('the gate relations', () => {
  const named = expect.stringMatching(/temperature and the (sine|cosine) of the hour of at/);

  it.each([
    ['six hours off', (time: number) => time + 6 * HOUR],
    ['without noon: 1 p.m. as 1 a.m.', (time: number) => (time % DAY < DAY / 2 ? time : time - DAY / 2)],
  ])('refuses times that are %s', async (_, of) => {
    const refused = await refusalsAfter(weather(1), later(weather(2), of), ROWS);
    expect(refused).toEqual([expect.objectContaining({ gate: 'relations', figures: named })]);
  });

  it('passes fresh rows, and times of the summer', async () => {
    for (const seed of [2, 3, 4]) {
      expect(await refusalsAfter(weather(1), weather(seed), ROWS)).toEqual([]);
      expect(
        await refusalsAfter(
          weather(1),
          later(weather(seed), (time) => time + HOUR),
          ROWS,
        ),
      ).toEqual([]);
    }
  });

  it('compares no hours with times that do not cover the day', async () => {
    const refused = await refusalsAfter(
      weather(1, 8),
      later(weather(2, 8), (time) => time + 8 * HOUR),
      ROWS,
    );
    expect(refused.map(({ figures }) => figures)).not.toContainEqual(named);
  });
});
