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

/** Cuts a time off to a day, or another step, of a time zone. */
const cutIn = (ahead: number, time: number, step = DAY): number =>
  time - ((((time + ahead) % step) + step) % step);

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

  it.each([
    ['one time in all rows', () => 15 * HOUR],
    ['cut off to the day, of a zone of its own', (time: number) => cutIn(5.5 * HOUR, time) % DAY],
    ['of ten batches, at random', (time: number) => ((time * 7919) % 10) * 2 * HOUR],
  ])('refuses times that have become %s', async (_, of) => {
    const lost = later(weather(2), (time) => time - (time % DAY) + of(time));
    expect(await refusalsAfter(weather(1), lost, ROWS)).toContainEqual(
      expect.objectContaining({ gate: 'relations', figures: named }),
    );
  });

  it('passes times of eighteen whole hours, after those of all 24', async () => {
    const whole = (night: Table) => later(night, (time) => cutIn(0, time, HOUR));
    const refused = await refusalsAfter(whole(weather(1)), whole(weather(2, 18)), ROWS);
    expect(refused.map(({ figures }) => figures)).not.toContainEqual(named);
  });

  it('compares no times with those of a few batches', async () => {
    const batches = (seed: number) => later(weather(seed), (time) => cutIn(0, time, 6 * HOUR));
    expect(await refusalsAfter(batches(1), batches(2), ROWS)).toEqual([]);
    const dated = (seed: number) => later(weather(seed), (time) => cutIn(0, time));
    expect(await refusalsAfter(dated(1), dated(2), ROWS)).toEqual([]);
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
