import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { readArtifact } from '../../training/artifact/artifact.ts';
import { openWasm } from '../../training/engines/inference.ts';
import { type Finished, runScript } from '../support/commands/cli.ts';
import { keptFolder, temporaryFolder } from '../support/data/data.ts';
import { fullIt, itEach } from '../support/suites/full.ts';

/** As people have them: an identifier, a date, words, gaps, and a column of nothing. */
function csv(): string {
  const source = random(3, 'houses');
  const lines = Array.from({ length: 400 }, (_, i) => {
    const rooms = 1 + source.integer(6);
    const town = ['Aarhus', 'Odense', 'Skagen'][source.integer(3)];
    const area = i % 9 === 0 ? 'NA' : (25 * rooms + 10 * source.uniform()).toFixed(1);
    const price = Math.round(1000 * rooms * Math.exp(6 * (source.uniform() - 0.5)));
    return [
      `h${i}`,
      `2024-0${1 + (i % 9)}-11`,
      town,
      rooms,
      area,
      price,
      i % 3 === 0 ? 'yes' : 'no',
      '',
    ].join();
  });
  return ['house_id,sold,town,rooms,area,price,garden,notes', ...lines].join('\n');
}

const folder = keptFolder();
const path = join(folder, 'houses.csv');
let trained: Finished;

beforeAll(async () => {
  writeFileSync(path, csv());
  trained = await runScript('train', ['tabular', '--data', path, '--out', folder]);
});

describe('npm run train -- tabular', () => {
  it("makes a model of a stranger's CSV without any setting, and says what it took the columns for", async () => {
    const { code, stdout } = trained;
    expect(code).toBe(0);
    for (const line of [
      /house_id +│ category +│ 0\.0% +│.*│ ignored │ an identifier, by its name/,
      /sold +│ date .*│ ignored │ a date/,
      /town +│ category .*│ feature │ one-hot/,
      /area +│ number +│ 11\.\d%.*│ feature │ standard/,
      /price +│ number .*│ feature │ symlog/,
      /notes .*│ ignored │ all missing/,
    ]) {
      expect(stdout).toMatch(line);
    }
    // The three towns are a number each, and one feature.
    expect(stdout).toMatch(/, 400 rows of 5 features, encoded as 7 numbers$/m);
    const { manifest, graphs } = await readArtifact(/^artifact: (.+)$/m.exec(stdout)![1]!);
    expect(manifest.features.names).toEqual(['town', 'rooms', 'area', 'price', 'garden']);
    // These columns go together linearly, where nothing is better than PCA by more than chance.
    expect(manifest.metrics.mse).toBeLessThan(1.1 * manifest.baselines.pca!.mse!);
    expect(manifest.metrics.mse).toBeLessThan(0.5 * manifest.baselines.mean!.mse!);
    const model = await openWasm(graphs.autoencoder!);
    const column = (data: number) =>
      ({ dtype: 'float32', shape: [1, 1], data: Float32Array.of(data) }) as const;
    const { reconstruction } = await model.runTensors({
      town: { dtype: 'string', shape: [1, 1], data: ['a town never heard of'] },
      rooms: column(4),
      area: column(Number.NaN),
      price: column(4000),
      garden: column(1),
    });
    await model.release();
    const values = Array.from(reconstruction!.data, Number);
    expect(values.every(Number.isFinite)).toBe(true);
    // Probabilities of three towns, then the numbers: a house of 4 rooms has an area of about 105.
    expect(values[0]! + values[1]! + values[2]!).toBeCloseTo(1, 5);
    expect(Math.abs(values[3]! - 4)).toBeLessThan(2);
    expect(Math.abs(values[4]! - 105)).toBeLessThan(60);
  });

  itEach<readonly [string, readonly string[], RegExp]>(
    [
      ['no table', [], /recipe tabular needs a table: --data file\.csv/],
      [
        'nothing to learn from',
        ['--data', 'SELECT i AS n FROM range(100) AS r(i)'],
        /to learn from, found n \(counts the rows\)/,
      ],
      [
        'too few rows',
        ['--data', 'SELECT random() AS x FROM range(2)'],
        /expected rows to train on in addition to 1 for validation/,
      ],
    ],
    (_, index) => index === 0,
  )('ends with exit code 2 for %s, and writes nothing', async (_, flags, message) => {
    const out = join(temporaryFolder(), 'out');
    const { code, stderr } = await runScript('train', ['tabular', '--out', out, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });
});

describe('npm run evaluate of a model of a table', () => {
  const artifact = join(folder, 'tabular');
  const evaluated = (...flags: readonly string[]) => runScript('evaluate', [artifact, ...flags]);
  const other = (change: (lines: string[]) => readonly string[]): string => {
    const file = join(temporaryFolder(), 'other.csv');
    writeFileSync(file, change(csv().split('\n')).join('\n'));
    return file;
  };
  const changed = (line: number, from: string | RegExp, to: string) => (lines: string[]) =>
    lines.map((text, i) => (i === line ? text.replace(from, to) : text));

  it('says again what training said, of the table that it was trained on', async () => {
    const { stdout, stderr } = await evaluated('--json');
    expect(stderr).toBe('');
    const { rows, metrics, recorded, baselines } = JSON.parse(stdout);
    expect(rows).toBe(40);
    expect(metrics).toEqual(recorded);
    expect(Object.keys(baselines)).toEqual(['pca', 'mean', 'untrained']);
  });

  fullIt('takes the columns of another table by name', async () => {
    const few = (lines: string[]) => lines.slice(0, 101);
    const turned = (lines: string[]) => few(lines).map((line) => line.split(',').toReversed().join());
    const [there, back] = [
      await evaluated('--json', '--data', other(few)),
      await evaluated('--json', '--data', other(turned)),
    ];
    const { rows, metrics } = JSON.parse(back.stdout);
    expect(rows).toBe(100);
    expect(metrics).toEqual(JSON.parse(there.stdout).metrics);
  });

  itEach<readonly [string, (lines: string[]) => readonly string[], RegExp]>(
    [
      [
        'a column that is not there',
        changed(0, 'area', 'size'),
        /expected a column area, found house_id, sold/,
      ],
      [
        'two columns of one name',
        changed(0, 'notes', 'area'),
        /expected columns with different names .*two named area/,
      ],
      [
        'text among numbers',
        changed(5, /,\d\.?\d*,/, ',many,'),
        /column rooms, row 5: expected a number, received 'many'/,
      ],
      [
        'a column of another type',
        (lines: string[]) => lines.map((line) => line.replace(/,(yes|no),/, ',perhaps,')),
        /column garden: expected booleans, found categories/,
      ],
    ],
    (_, index) => index === 0,
  )('ends with exit code 2 for %s', async (_, change, message) => {
    const file = other(change);
    const { code, stdout, stderr } = await evaluated('--data', file);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.startsWith(`error: ${file}: `)).toBe(true);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
