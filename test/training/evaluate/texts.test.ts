/** What evaluations hold of the texts of rows, against searches one by one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readReportSource } from '../../../training/artifact/reportFiles.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { codesOf } from '../../../training/evaluate/code.ts';
import { shortText } from '../../../training/evaluate/evidence/shortText.ts';
import { type TrainOptions, train } from '../../../training/train.ts';
import { keptFolder, topics } from '../../support/data/data.ts';

const out = keptFolder();
const ROWS = 300;
const texts = Array.from({ length: ROWS }, (_, row) => `row ${row}`);
const data: Dataset = { ...topics(ROWS), names: { texts } };
const rowOf = (text: string) => texts.indexOf(text);

async function evaluated(
  options: Pick<TrainOptions<'sparse' | 'similarity-preserving'>, 'variant' | 'settings'>,
  withRows = true,
) {
  const { artifact, split } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'texts',
    data,
    withRows,
    out,
    ...options,
  });
  const { evaluation } = await readReportSource(artifact.directory);
  const encoder = { model: artifact.graphs.encoder, outputs: artifact.manifest.graphs.encoder.outputs };
  const report = readFileSync(join(artifact.directory, 'report.html'), 'utf8');
  return { evaluation, trained: split.train.indices, codes: await codesOf(encoder, data.rows), report };
}

const SEARCHED = {
  variant: 'similarity-preserving',
  settings: { codeSize: 6, epochs: 3, batchSize: 64 },
} as const;
const UNITS = {
  variant: 'sparse',
  settings: { hidden: [], codeSize: 40, sparsity: 'topk', activeUnits: 3, epochs: 5, batchSize: 32 },
} as const;

let found: Awaited<ReturnType<typeof evaluated>>;
beforeAll(async () => {
  found = await evaluated(SEARCHED);
});

/** The training rows nearest to a row by cosine, as texts. */
function nearest({ data: values, width }: Dataset['rows'], row: number): string[] {
  const own = (each: number) => values.subarray(each * width, (each + 1) * width);
  const cosine = (other: number) =>
    own(row).reduce((sum, value, i) => sum + value * own(other)[i]!, 0) / Math.hypot(...own(other));
  return Array.from(found.trained, (other) => [other, cosine(other)] as const)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([other]) => texts[other]!);
}

it('ten queries have their nearest rows by vector and by code', () => {
  const queries = found.evaluation.neighbours!.texts!;
  expect(queries).toHaveLength(10);
  for (const { query, recall, nearest: byVector, found: byCode } of queries) {
    const row = rowOf(query);
    expect(found.trained).not.toContain(row);
    const [wanted, got] = [nearest(data.rows, row), nearest(found.codes, row)];
    expect(recall).toBeCloseTo(got.filter((each) => wanted.includes(each)).length / 10, 6);
    expect(byVector).toEqual(wanted.slice(0, 5).map((text) => ({ text, isShared: got.includes(text) })));
    expect(byCode).toEqual(got.slice(0, 5).map((text) => ({ text, isShared: wanted.includes(text) })));
  }
  const recalls = queries.map(({ recall }) => recall);
  expect(recalls).toEqual(recalls.toSorted((a, b) => b - a));
});

it('units have the training rows that activate them most', async () => {
  const { evaluation, trained, codes } = await evaluated(UNITS);
  const { rows, dead, named } = evaluation.units!;
  const activations = (unit: number) =>
    Array.from(trained, (row) => [row, codes.data[row * codes.width + unit]!] as const)
      .filter(([, value]) => value > 0)
      .sort(([, a], [, b]) => b - a);
  expect([rows, named.length + dead]).toEqual([trained.length, 40]);
  for (const { unit, share, texts: own } of named) {
    const most = activations(unit);
    expect(own).toEqual(most.slice(0, 5).map(([row]) => texts[row]));
    expect(share).toBeCloseTo(most.length / trained.length, 2);
  }
});

it('the report lists units that many rows activate after the others, and counts those in use', async () => {
  const { evaluation, trained, codes, report } = await evaluated(UNITS);
  const uses = (unit: number) =>
    Array.from(trained, (row) => codes.data[row * codes.width + unit]!).filter((value) => value > 0).length;
  const all = Array.from({ length: codes.width }, (_, unit) => unit).filter((unit) => uses(unit) > 0);
  const dense = all.filter((unit) => uses(unit) > 0.1 * trained.length);
  const few = all.filter((unit) => !dense.includes(unit));
  expect(Math.min(dense.length, few.length)).toBeGreaterThan(1);
  const listed = Array.from(report.matchAll(/<th scope="row">(\d+)<\/th>/g), ([, unit]) => Number(unit));
  const byUse = (units: number[]) => units.map(uses).toSorted((a, b) => b - a);
  expect(listed.map(uses)).toEqual([...byUse(few), ...byUse(dense)]);
  expect(report).toContain(`Last are the ${dense.length} that more than 10 % of the rows activate`);
  const inUse = (100 * (1 - evaluation.units!.dead / 40)).toFixed(1);
  expect(report).toMatch(new RegExp(`units in use</dt><dd class="value">${inUse} %`));
});

it('artifacts without rows have no texts', async () => {
  const [searched, units] = [await evaluated(SEARCHED, false), await evaluated(UNITS, false)];
  expect(searched.evaluation.neighbours).toMatchObject({ texts: null });
  expect(units.evaluation.units).toMatchObject({ named: [] });
  expect(JSON.stringify([searched.evaluation, units.evaluation])).not.toMatch(/row \d/);
});

it('long texts are cut, and on one line', () => {
  expect(shortText(' a\n\tb ')).toBe('a b');
  expect(shortText('x'.repeat(120))).toHaveLength(120);
  expect(shortText(`${'x'.repeat(118)} yz`)).toBe(`${'x'.repeat(118)}…`);
});
