/** Small inputs that failed once, from ../shared/cases/training, through the commands. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDataset } from '../../training/data/read.ts';
import { type Finished, ROOT, runScript } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';
import { dataRoot } from '../support/data/realData.ts';

const folder = keptFolder();
const fileOf = (name: string) => join(dataRoot(), '..', 'cases', 'training', name);

interface Run extends Finished {
  /** The line of a column in the table of roles. */
  readonly column: (name: string) => string;
}

async function trained(recipe: string, file: string, ...flags: readonly string[]): Promise<Run> {
  const all = [recipe, '--data', fileOf(file), '--out', folder, '--threads', '1', ...flags];
  const done = await runScript('train', all, folder);
  const column = (name: string) =>
    done.stdout.split('\n').find((line) => line.startsWith(`│ ${name} `)) ?? '';
  return { ...done, column };
}

const QUICK = ['--force', '--set', 'epochs=3'];

function manifestOf({ stdout }: Finished) {
  const directory = /^artifact: (.+)$/m.exec(stdout)![1]!;
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  return { directory, manifest: JSON.parse(read('manifest.json')), report: read('report.html') };
}

async function evaluated(artifact: string, ...flags: readonly string[]) {
  const done = await runScript('evaluate', [artifact, '--json', ...flags], folder);
  return { ...done, result: done.code === 0 ? JSON.parse(done.stdout) : undefined };
}

it('sequence_mask_horizon.ts trains', async () => {
  const script = readFileSync(fileOf('sequence_mask_horizon.ts'), 'utf8');
  const [, settings] = /settings: (\{[^}]*\})/.exec(script)!;
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'models.ts'),
    `import { fromRows } from '${ROOT}/training/index.ts';
${/^const windows = .*$/m.exec(script)![0]}
export const waves = { name: 'waves', why: 'waves with gaps', variant: 'sequence', settings: ${settings},
  data: async () => fromRows(windows, undefined, { missing: 'mask' }) };
`,
  );
  const done = await runScript('train', ['waves', '--out', folder], folder);
  expect([done.code, done.stderr]).toEqual([0, '']);
  const { metrics, baselines } = manifestOf(done).manifest;
  expect(Object.values({ ...metrics, ...baselines.persistence }).every(Number.isFinite)).toBe(true);
});

describe('interactions.csv', () => {
  let shop: string;
  beforeAll(async () => {
    shop = manifestOf(await trained('recommend', 'interactions.csv', '--name', 'shop', ...QUICK)).directory;
  });

  it.each<[string, readonly string[]]>([
    ['the recorded data', []],
    ['the file', ['--data', fileOf('interactions.csv')]],
  ])('is evaluated on %s', async (_, flags) => {
    const { code, stderr, result } = await evaluated(shop, ...flags);
    expect([code, stderr]).toEqual([0, '']);
    expect(result.metrics['ndcg@100']).toBeGreaterThan(0);
  });
});

it('label_majority_attack.csv asks which value marks anomalies, and takes the answer', async () => {
  const asked = await trained('anomaly', 'label_majority_attack.csv');
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringMatching(/--positive 1 or --positive 0/)]);
  const { code, stdout } = await trained('anomaly', 'label_majority_attack.csv', '--positive', '0', ...QUICK);
  expect(code).toBe(0);
  expect(stdout).toMatch(/label is used for evaluation only: 0 marks anomalies, since it was asked for/);
});

it('label_leak_attack_cat.csv leaves out the column that gives the label away', async () => {
  const run = await trained('anomaly', 'label_leak_attack_cat.csv', ...QUICK);
  expect(run.column('attack_cat')).toMatch(/ignored .* gives the label label away/);
  expect(manifestOf(run).manifest.features.names).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
});

it('xyz_accelerometer.csv has three features', async () => {
  const run = await trained('anomaly', 'xyz_accelerometer.csv', ...QUICK);
  expect(manifestOf(run).manifest.features.names).toEqual(['x', 'y', 'z']);
});

it('log1p_train.csv gives every row of log1p_negative.csv a finite score', async () => {
  const run = await trained('tabular', 'log1p_train.csv', ...QUICK);
  expect(run.column('spend')).toMatch(/feature .* symlog/);
  const { code, result } = await evaluated(manifestOf(run).directory, '--data', fileOf('log1p_negative.csv'));
  expect([code, result.rows]).toEqual([0, 50]);
  for (const value of Object.values(result.metrics)) expect(value).toSatisfy(Number.isFinite);
});

it('decimal_comma_semicolon.csv, german_mixed_columns.csv and percent.csv are read as numbers', async () => {
  const decimal = await trained('tabular', 'decimal_comma_semicolon.csv', ...QUICK);
  expect(decimal.column('temp')).toMatch(/number .* feature/);
  expect(decimal.column('pressure')).toMatch(/number .* feature/);
  expect(decimal.stdout).toMatch(/column temp: numbers, since all 30 values have a decimal comma/);
  const german = await trained('tabular', 'german_mixed_columns.csv', ...QUICK);
  expect(german.column('Temperatur')).toMatch(/number .* feature/);
  expect(german.column('Feuchte')).toMatch(/number .* feature/);
  expect(german.column('Datum')).toMatch(/date .* ignored/);
  expect(german.column('Status')).toMatch(/category .* one-hot/);
  const percent = await trained('tabular', 'percent.csv', ...QUICK);
  expect(percent.column('share')).toMatch(/number .* feature/);
  expect(percent.stdout).toMatch(/column share: .*a percent sign/);
});

it('null_upper.csv has missing numbers, which is said', async () => {
  const run = await trained('tabular', 'null_upper.csv', ...QUICK);
  expect(run.column('n')).toMatch(/number .* feature/);
  expect(run.stdout).toMatch(/column n: .*'NULL'.* read as missing; --missing adds another mark/);
});

it('lr_divergence.csv is refused at a learning rate of 10', async () => {
  const { code, stderr } = await trained(
    'tabular',
    'lr_divergence.csv',
    '--set',
    'learningRate=10',
    'epochs=20',
  );
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^error: .*learningRate[^\n]*\n$/)]);
});

it('implicit_counts.csv counts every interaction, and interactions_NA_id.csv keeps ids as written', async () => {
  const counts = await trained('recommend', 'implicit_counts.csv', '--name', 'counts', ...QUICK);
  expect([counts.code, counts.stdout]).toEqual([
    0,
    expect.stringMatching(/users are in the column user.*count, is above 0/),
  ]);
  const { rows } = manifestOf(counts).manifest.data;
  const users = new Set(
    readFileSync(fileOf('implicit_counts.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
  );
  expect(rows.train + rows.validation + rows.test).toBe(users.size);
  const named = await trained('recommend', 'interactions_NA_id.csv', '--name', 'named', ...QUICK);
  expect(named.code).toBe(0);
  expect(manifestOf(named).manifest.features.names).toContain('NA');
});

it.each([
  ['json_bom.json', { x: /number/, k: /number/, c: /category/ }],
  ['json_numeric_strings.json', { x: /number/, k: /number/, c: /category/ }],
  ['adult_like.csv', { workclass: /category .*'?Private/, education: /category/, fnlwgt: /number/ }],
  ['sep_line.csv', { x: /number/, y: /number/ }],
])('%s is read', async (file, columns) => {
  const run = await trained('tabular', file, ...QUICK);
  expect([run.code, run.stderr]).toEqual([0, '']);
  for (const [name, expected] of Object.entries(columns)) expect(run.column(name)).toMatch(expected);
  expect(run.stdout).not.toMatch(/' Private'/);
});

it('col___proto__.csv has its chart', async () => {
  const { report } = manifestOf(await trained('tabular', 'col___proto__.csv', ...QUICK));
  const [section] = /<section id="featureErrors".*?<\/section>/s.exec(report)!;
  const texts = Array.from(section.matchAll(/<text[^>]*>([^<]*)</g), ([, text]) =>
    text!.replace('\u200b', ''),
  );
  expect(texts).toEqual(expect.arrayContaining(['a', '__proto__', 'b']));
});

it('image_hidden_folder skips what is hidden, and says so; zero.idx is refused', async () => {
  const { labels, rows, notes } = await readDataset(fileOf('image_hidden_folder'));
  expect([labels!.classes, rows.rowCount]).toEqual([['cat', 'dog'], 4]);
  expect(notes).toEqual([expect.stringMatching(/skipped 2 images in hidden files or folders/)]);
  await expect(readDataset(fileOf('zero.idx'))).rejects.toThrow(
    /zero\.idx: expected rows of one value or more, received an empty array of shape \[0,4,4\]/,
  );
});
