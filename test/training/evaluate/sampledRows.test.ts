import { expect, it } from 'vitest';
import { sampledRows } from '../../../training/evaluate/evidence/sampledRows.ts';

/** Sorted by class, as parts of a stratified split are: the anomalies come last. */
const labels = { rows: Array.from({ length: 9000 }, (_, row) => Number(row >= 8900)) };

it('samples rows by class, the same ones for the same seed', () => {
  const rows = sampledRows(9000, 2000, labels, 1);
  expect([rows.length, new Set(rows).size]).toEqual([2000, 2000]);
  expect(rows.filter((row) => labels.rows[row] === 1)).toHaveLength(22);
  expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
  expect(sampledRows(9000, 2000, labels, 1)).toEqual(rows);
  expect(sampledRows(9000, 2000, labels, 2)).not.toEqual(rows);
});

it('keeps at least one row of each class, and all rows where there are few', () => {
  const rare = { rows: labels.rows.map((_, row) => Number(row === 8999)) };
  expect(sampledRows(9000, 100, rare, 1)).toContain(8999);
  expect([...sampledRows(3, 100, undefined, 1)]).toEqual([0, 1, 2]);
  expect(sampledRows(9000, 2000, undefined, 1)).toHaveLength(2000);
});
