import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANSWERS_FILE, KnownAnswers } from '../../../shared/answers.ts';
import type { CategoryColumn, Table } from '../../../training/data/table.ts';
import { Evaluation } from '../../../training/evaluate/evidence/evaluation.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';
import { datasetOf } from '../../support/data/nights/judging.ts';
import { deliveries } from '../../support/data/nights/schemas.ts';
import { nativeCodes } from '../../support/edge/nativeCodes.ts';

const settings = { hidden: [8], codeSize: 3, epochs: 2 };
const table = deliveries.night(5, 300, 1);

async function artifactOf(withRows: boolean) {
  const data = datasetOf(table);
  const { artifact } = await train({
    force: true,
    name: 'orders',
    data,
    settings,
    withRows,
    out: temporaryFolder(),
  });
  const read = (file: string) => readFileSync(join(artifact.directory, file), 'utf8');
  return { artifact, read, answers: KnownAnswers.parse(JSON.parse(read(ANSWERS_FILE))) };
}

/** The rows as JSON has them, by their values of a column that has a different one in each. */
function distances({ columns }: Table): Set<number> {
  const column = columns.find(({ name }) => name === 'distance') as { readonly values: Float64Array };
  return new Set(Array.from(column.values, Math.fround));
}

describe('an artifact without rows', () => {
  it('shows none where others do', async () => {
    const [own, other] = [await artifactOf(false), await artifactOf(true)];
    const known = distances(table);
    const isShown = ({ rows }: KnownAnswers) =>
      rows.some((row) => row.some((value) => known.has(Number(value))));
    expect([isShown(own.answers), isShown(other.answers)]).toEqual([false, true]);
    const evaluation = Evaluation.parse(JSON.parse(own.read('evaluation.json')));
    expect(evaluation).toMatchObject({ examples: [], prediction: null });
    expect(evaluation.scatter.points).toEqual([]);
    expect(evaluation.errors!.length).toBeGreaterThan(0);
    const titles = ['Reconstructions', 'The code in two dimensions', 'The code in three dimensions'];
    for (const title of titles)
      expect([title, own.read('report.html').includes(`>${title}<`)]).toEqual([title, false]);
    for (const title of titles) expect(other.read('report.html')).toContain(`>${title}<`);
    const hasMap = ({ artifact: { manifest } }: typeof own) => 'map.bin' in manifest.files;
    expect([hasMap(own), hasMap(other)]).toEqual([false, true]);
    expect(own.artifact.manifest.data.withRows).toBe(false);
    expect(other.artifact.manifest.data).not.toHaveProperty('withRows');
  });

  it('has answers for averages and the most frequent categories', async () => {
    const { artifact, answers } = await artifactOf(false);
    const names = artifact.manifest.graphs.encoder.inputs.map(({ name }) => name);
    const channel = table.columns.find(({ name }) => name === 'channel') as CategoryColumn;
    const counts = channel.categories.map((_, code) => channel.codes.filter((each) => each === code).length);
    const byCount = [...channel.categories].sort(
      (a, b) => counts[channel.categories.indexOf(b)]! - counts[channel.categories.indexOf(a)]!,
    );
    expect(answers.rows).toHaveLength(2);
    // About as many rows have the one as the other.
    expect(answers.rows.map((row) => row[names.indexOf('channel')]).sort()).toEqual(
      byCount.slice(0, 2).sort(),
    );
    const distance = names.indexOf('distance');
    // The distances are 50 on average, with a standard deviation of 20.
    expect(Math.abs(Number(answers.rows[0]![distance]) - 50)).toBeLessThan(5);
    expect(Math.abs(Number(answers.rows[1]![distance]) - 70)).toBeLessThan(7);
    const codes = await nativeCodes(artifact, answers.rows);
    expect(answers.answers.encode!.flat()).toEqual(Array.from(codes));
  });

  it('of plain rows has averages, too', async () => {
    const data = curve(200);
    const { artifact } = await train({
      force: true, // trained too briefly to beat the mean
      name: 'curve',
      data,
      settings,
      withRows: false,
      out: temporaryFolder(),
    });
    const text = readFileSync(join(artifact.directory, ANSWERS_FILE), 'utf8');
    const { rows, answers } = KnownAnswers.parse(JSON.parse(text));
    expect(rows).toHaveLength(2);
    expect(answers.encode).toHaveLength(2);
    const own = new Set(Array.from(data.rows.data));
    expect(rows.flat().some((value) => own.has(Number(value)))).toBe(false);
  });

  it('has graphs that hold none, whatever its score compares rows with', async () => {
    const matrix = curve(240);
    const largest = async (withRows: boolean) => {
      const options = { settings: { ...settings, rowScore: 'ensemble' as const }, withRows };
      const { artifact } = await train({
        force: true,
        name: 'a',
        data: matrix,
        ...options,
        out: temporaryFolder(),
      });
      const { graph } = ModelProto.decode(artifact.graphs.autoencoder!);
      return Math.max(...graph!.initializer!.map(({ dims }) => Number(dims![0] ?? 0)));
    };
    // As many as there are training rows.
    expect(await largest(true)).toBeGreaterThan(150);
    expect(await largest(false)).toBeLessThan(150);
  });
});
