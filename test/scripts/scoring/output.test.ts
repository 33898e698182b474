import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { output } from '../../../scripts/scoring/output.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const blamed = (value: unknown) => [{ feature: 'a', value }];

it('writes numbers, texts and booleans of one CSV column as they are, and says what it has written', async () => {
  const path = join(temporaryFolder(), 'scores.csv');
  const file = output(path);
  await file.write([
    { row: 0, contributions: blamed(1.5) },
    { row: 1, contributions: blamed('Rome, "the" city') },
  ]);
  await file.write([{ row: 2, contributions: blamed(true), unseen: blamed('Oslo') }]);
  await file.write([{ row: 3, contributions: blamed(null) }]);
  const { format, columns } = await file.finish();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines).toEqual([
    'row,contributions_0_feature,contributions_0_value,unseen_0_feature,unseen_0_value',
    '0,a,1.5,,',
    '1,a,"Rome, ""the"" city",,',
    '2,a,true,a,Oslo',
    '3,a,,,',
  ]);
  expect(format).toMatch(/CSV.*commas/);
  expect(columns.join()).toBe(lines[0]);
});

it('names the members of lines of JSON', async () => {
  const file = output(join(temporaryFolder(), 'scores.ndjson'));
  await file.write([
    { row: 0, score: 1 },
    { row: 1, problem: 'none' },
  ]);
  expect(await file.finish()).toEqual({
    format: 'one JSON object per line',
    columns: ['row', 'score', 'problem'],
  });
});
