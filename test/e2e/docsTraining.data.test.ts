/** The commands and snippets of the pages on training and data. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Check, newReader, PAGES, testCommands, testSnippets } from '../support/commands/docs.ts';
import { realData } from '../support/data/realData.ts';
import { pumpSeries } from '../support/data/series.ts';
import { ITEMS, SHOPS, shop } from '../support/data/shop.ts';
import { npyOf } from '../support/training/numpy.ts';

const reader = newReader();
const { scratch, sh, finishes } = reader;

const EMBEDDINGS = `npm run train -- embeddings --data vectors.npy
npm run train -- embeddings --data documents.parquet --dimensions 128
npm run train -- embeddings --data "SELECT embedding FROM 'documents.parquet' WHERE language = 'en'"`;

const INDEX = `npm run vectors -- artifacts/articles --data vectors.npy --texts texts.txt --to articles.ndjson
npx wrangler vectorize create articles --dimensions=64 --metric=cosine
npx wrangler vectorize upsert articles --file=articles.ndjson`;

// Commands that the tests cut short are given --force: their models are worse than the mean.

/** A command with files that there are: 400 vectors of 130 values in an array and in a table, and their texts. */
function shopFiles(command: string): string {
  const { folder, orders, items } = shop(scratch);
  return command
    .replace('path/to/ml-latest-small', folder)
    .replace(/orders\.(csv|parquet)/, orders)
    .replace('items.csv', items);
}

function vectorFiles(command: string): string {
  const rows = Array.from({ length: 400 }, (_, row) => ({
    ...{ id: `d${row}`, text: `text ${row}`, language: 'en' },
    embedding: Array.from({ length: 130 }, (_, i) => Math.sin((row % 40) * i) + 0.2 * Math.cos(row * i * i)),
  }));
  const fileOf = (name: string, content: string | Uint8Array) => {
    const path = join(scratch, name);
    if (!existsSync(path)) writeFileSync(path, content);
    return path;
  };
  const values = Float32Array.from(rows.flatMap((each) => each.embedding));
  return command
    .replace('vectors.npy', fileOf('vectors.npy', npyOf('<f4', '(400, 130)', values)))
    .replace(
      'documents.parquet',
      fileOf('documents.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
    )
    .replace('texts.txt', fileOf('texts.txt', rows.map(({ text }) => text).join('\n')));
}

const COMMANDS: Readonly<Record<string, Check>> = {
  'npm run train -- digits --set codeSize=16 epochs=5 --seed 7': finishes,
  'npm run train -- digits --engine tfjs --set epochs=1 hidden=[] codeSize=2 batchSize=2048 --force': async (
    command,
  ) => {
    const { stdout } = await sh(command);
    expect(stdout).toMatch(/^engine: TensorFlow\.js \d+\.\d+\.\d+, (native|pure JavaScript) .*$/m);
  },
  'npm run tune -- digits --trials 6 --set epochs=3 --space codeSize=8,16,32 learningRate=1e-4..1e-2': async (
    command,
  ) => {
    const { stdout } = await sh(command);
    expect(stdout).toMatch(/^best of 6 trials: codeSize=\d+ learningRate=0\.\d+ \(trial \d\), with loss /m);
    expect(existsSync(join(reader.folder, 'artifacts/digits/tuning.html'))).toBe(true);
  },
  'npm run train -- digits --name narrow --set codeSize=8 epochs=3\nnpm run compare -- digits narrow': async (
    command,
  ) => {
    const { stdout } = await sh(command);
    expect(stdout).toMatch(/^digits is better than narrow: mean squared error /m);
    expect(stdout).toContain('no model has seen the 1,000 rows held out in training');
  },
  'npm run evaluate -- artifacts/digits\nnpm run report -- artifacts/digits': finishes,
  'npm run train -- tabular --data "SELECT sin(i / 10) AS wave, i % 7 AS weekday, chr(65 + (i % 3)::INTEGER) AS line FROM range(500) AS r(i)"':
    finishes,
  'npm run train -- tabular --data "SELECT sin(i / 10) AS wave, i % 7 AS weekday, chr(65 + (i % 3)::INTEGER) AS line FROM range(4000) AS r(i)" --hold 1000 --set epochs=2':
    async (command) => {
      const { stdout } = await sh(command);
      expect(stdout).toMatch(/^4,000 rows are more than are held in memory: a random sample of 1,00\d is /m);
    },
  'npm run train -- anomaly --data "SELECT sin(i / 10) AS wave, cos(i / 7) AS other FROM range(4000) AS r(i)" --sample 500 --set epochs=2':
    async (command) => {
      const { stdout } = await sh(command);
      expect(stdout).toMatch(/, 500 rows of 2 features$/m);
    },
  // Its 400 epochs are for `npm run experiments`.
  'npm run train -- regression-features --data path/to/make-regression': (command) =>
    finishes(
      `${command.replace('path/to/make-regression', realData('make-regression'))} --set epochs=2 --force`,
    ),
  [SHOPS.join('\n')]: async () => {
    for (const line of SHOPS) await finishes(`${shopFiles(line)} --set epochs=2 --force`);
  },
  'npm run train -- recommend-elsa --data orders.csv --items items.csv --name catalogue': async (command) => {
    const { stdout } = await sh(`${shopFiles(command)} --set epochs=2 codeSize=8 --force`);
    expect(stdout).toContain('set for these rows: batchSize=128; --set changes that');
  },
  'npm run train -- recommend-elsa --data orders.csv --name compact --set codeSize=512 nonZeros=32 epochs=40':
    (command) =>
      finishes(shopFiles(command).replace(/--set .*/, '--set codeSize=8 nonZeros=2 epochs=2 --force')),
  'npm run train -- ecg --data path/to/ECG5000\nnpm run train -- ecg-forecast --data path/to/ECG5000': async (
    command,
  ) => {
    for (const line of command.split('\n'))
      await finishes(`${line.replace('path/to/ECG5000', realData('ecg5000'))} --set epochs=1 --force`);
  },
  'npm run train -- tabular --data your.csv': async (command) => {
    const file = join(scratch, 'your.csv');
    const lines = Array.from(
      { length: 300 },
      (_, i) => `${Math.sin(i / 9)},${i % 5},${i % 3 ? 'north' : 'south'}`,
    );
    writeFileSync(file, ['wave,weekday,site', ...lines].join('\n'));
    await finishes(command.replace('your.csv', file));
  },
  // Of the model that is trained last, above; what is done to an account is not tested.
  'npm run vectors -- artifacts/shop --to items.ndjson\nnpx wrangler vectorize create shop --dimensions=400 --metric=cosine\nnpx wrangler vectorize upsert shop --file=items.ndjson':
    async (command) => {
      const [written, create] = command.split('\n') as [string, string];
      const { stdout } = await sh(written);
      expect(stdout).toContain(create);
      const lines = readFileSync(join(reader.folder, 'items.ndjson'), 'utf8');
      const vectors = lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(vectors).toHaveLength(ITEMS);
      const { metadata } = vectors.find((each) => each.metadata.item === '2');
      expect(metadata).toEqual({ item: '2', title: 'Thing 2', category: 'shoes', in_stock: true });
    },
  [EMBEDDINGS]: async () => {
    for (const line of EMBEDDINGS.split('\n')) await finishes(`${vectorFiles(line)} --set epochs=2 --force`);
  },
  'npm run train -- embeddings --data vectors.npy --texts texts.txt --name articles': (command) =>
    finishes(`${vectorFiles(command)} --set epochs=2 --force`),
  'npm run train -- embeddings --data documents.parquet --dimensions 64 --name notes': (command) =>
    finishes(`${vectorFiles(command)} --set epochs=2 --force`),
  'npm run train -- embeddings-sparse --data vectors.npy --texts texts.txt': (command) =>
    finishes(`${vectorFiles(command)} --set epochs=2 codeSize=160 --force`),
  // What is done to an account is not tested.
  [INDEX]: async () => {
    const [written, create] = INDEX.split('\n') as [string, string];
    const { stdout } = await sh(vectorFiles(written));
    expect(stdout).toContain(create);
  },
  'npx wrangler vectorize create notes --dimensions=64 --metric=cosine': async () => undefined,
  'npm run vectors -- artifacts/notes --data documents.parquet --to notes.ndjson\nnpx wrangler vectorize upsert notes --file=notes.ndjson':
    async (command) => {
      const { stdout } = await sh(vectorFiles(command.split('\n')[0]!));
      expect(stdout).toContain('id = id, text = text; left out: language');
      const [first] = readFileSync(join(reader.folder, 'notes.ndjson'), 'utf8').split('\n');
      expect(JSON.parse(first!)).toMatchObject({ metadata: { id: 'd0', text: 'text 0' } });
    },
  'npm run train -- anomaly --data rows.csv --name pumps': async (command) => {
    const file = join(scratch, 'rows.csv');
    const lines = Array.from(
      { length: 400 },
      (_, i) => `${Math.sin(i / 9)},${Math.cos(i / 9)},${i % 40 ? 0.1 : 3},${i % 40 ? 0 : 1}`,
    );
    mkdirSync(scratch, { recursive: true });
    writeFileSync(file, ['east,north,height,y', ...lines].join('\n'));
    await finishes(command.replace('rows.csv', file));
    expect(existsSync(join(reader.folder, 'artifacts', 'pumps'))).toBe(true);
  },
  'npm run train -- windows --data sensors.csv --length 36 --name pump': async (command) => {
    writeFileSync(join(scratch, 'sensors.csv'), pumpSeries(1000, [800, 900]).join('\n'));
    await finishes(`${command.replace('sensors.csv', join(scratch, 'sensors.csv'))} --set epochs=2 --force`);
  },
  'npm run score -- artifacts/pump --data sensors.csv --keep time --out scores.csv': async (command) => {
    await sh(command.replace('sensors.csv', join(scratch, 'sensors.csv')));
    const [names] = readFileSync(join(reader.folder, 'scores.csv'), 'utf8').split('\n');
    expect(names).toMatch(/^row,time,error,score,/);
  },
  'npm run score -- artifacts/pumps --data rows.csv --out scores.csv': async (command) => {
    const { stdout } = await sh(command.replace('rows.csv', join(scratch, 'rows.csv')));
    expect(stdout).toMatch(/│ anomalies +│ [\d,]+ +│/);
    expect(readFileSync(join(reader.folder, 'scores.csv'), 'utf8')).toMatch(
      /^row,error,score,percentile,pValue,/,
    );
  },
};

testCommands([...PAGES.training, ...PAGES.search], (command) => COMMANDS[command]);
testSnippets(PAGES.training, reader);
