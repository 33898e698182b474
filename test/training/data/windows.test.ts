import { describe, expect, it } from 'vitest';
import { columnOf } from '../../../training/data/table.ts';
import { everyWindow, windowsOf } from '../../../training/data/windows.ts';
import { tableOf } from '../../support/data/tables.ts';

const SHARES = { validation: 0.2, test: 0.3 };
/** Points in no order: point 7, whose value is 7, is the fourth row. */
const ORDER = [3, 12, 0, 7, 19, 5, 1, 15, 2, 9, 4, 18, 6, 8, 13, 10, 11, 17, 14, 16];
const columns = {
  time: ORDER.map((point) => 1000 + point),
  value: ORDER.map((point) => point),
  kind: ORDER.map((point) => (point % 2 ? 'a' : 'b')),
  anomaly: ORDER.map((point) => Number(point === 17)),
};
const valuesOf = (table: Parameters<typeof columnOf>[0], name: string) => {
  const column = columnOf(table, name);
  return column.type === 'category' ? Array.from(column.codes) : Array.from(column.values);
};

describe('windows', () => {
  it('hold the points of a part in the order of time, and are anomalies if one of their points is', () => {
    const { table, parts, own, recorded, notes } = windowsOf(tableOf(columns), { length: '3' }, SHARES);
    // Ten points to train on, 0 to 9, four for validation, six for testing.
    expect(Object.values(parts).map((rows) => rows.length)).toEqual([8, 2, 4]);
    const last = [2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 18, 19];
    expect(valuesOf(table, 'value[t]')).toEqual(last);
    expect(valuesOf(table, 'value[t-2]')).toEqual(last.map((point) => point - 2));
    expect(valuesOf(table, 'time')).toEqual(last.map((point) => 1000 + point));
    expect(valuesOf(table, 'anomaly')).toEqual(last.map((point) => Number(point >= 17 && point <= 19)));
    expect(table.columns.map(({ name }) => name)).toEqual([
      'time',
      'value[t-2]',
      'value[t-1]',
      'value[t]',
      'anomaly',
    ]);
    expect(own).toEqual({ time: 'time', label: 'anomaly', positive: ['true'] });
    expect(recorded).toEqual({ time: 'time', label: 'anomaly', positive: ['1'], length: '3', stride: '1' });
    expect(notes).toEqual([
      '14 windows of 3 points (--length), one every 1 (--stride), by column time; the newest points are for testing, and 4 windows with points of two parts are left out',
      'a window is an anomaly if any of its points is: column anomaly is 1 (--label, --positive; with --feature anomaly it is no label)',
    ]);
  });

  it('are made again of the choices that are recorded, one after each point', () => {
    const { recorded } = windowsOf(tableOf(columns), { length: '3', stride: '2' }, SHARES);
    const table = everyWindow(tableOf(columns), recorded);
    expect(valuesOf(table, 'value[t]')).toEqual(Array.from({ length: 18 }, (_, i) => i + 2));
    expect(table.columns.map(({ name }) => name)).not.toContain('anomaly');
  });

  it('have the label that values show, unless it is chosen as a channel', () => {
    const { anomaly, ...others } = columns;
    const table = tableOf({ ...others, faulty: anomaly.map((value) => value === 1) });
    const { own, recorded } = windowsOf(table, { length: '3' }, SHARES);
    expect([own.label, recorded.label, recorded.positive]).toEqual(['faulty', 'faulty', ['true']]);
    const choices = { length: '3', feature: ['faulty'] };
    const kept = windowsOf(table, choices, SHARES);
    expect([kept.own.label, kept.recorded.label]).toEqual([undefined, undefined]);
    for (const { columns } of [kept.table, everyWindow(table, kept.recorded)])
      expect(columns.map(({ name }) => name)).toContain('faulty[t]');
  });

  it('do not join series, and follow the order of rows where there are no times', () => {
    const rows = Array.from({ length: 30 }, (_, i) => i);
    const table = tableOf({ machine: rows.map((i) => `m${i % 2}`), value: rows });
    const { table: made } = windowsOf(table, { length: '2', id: 'machine' }, { validation: 0.2, test: 0.2 });
    const steps = valuesOf(made, 'value[t]').map((value, i) => value - valuesOf(made, 'value[t-1]')[i]!);
    expect(new Set(steps)).toEqual(new Set([2]));
  });

  it.each([
    [{ length: '0' }, /--length: expected a whole number from 1 to 10000, received 0/],
    [{ length: '7' }, /expected windows of 7 points in each part, found 4 to train on, 0 for validation/],
    [
      { ignore: ['value'] },
      /expected a column of numbers next to that of times, found time, value, kind, anomaly/,
    ],
    [{ time: 'kind' }, /column kind: expected dates or numbers to sort by, received category/],
  ])('are refused for %j', (choices, message) => {
    expect(() => windowsOf(tableOf(columns), choices, SHARES)).toThrow(message);
  });
});
