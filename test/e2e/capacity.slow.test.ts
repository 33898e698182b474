/** `npm run experiments` on what is simulated: as its page says, from the figures of the benchmarks. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fillSections } from '../../scripts/measure/sections.ts';
import { ROOT, runScript } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';

const RECORDS = 'scripts/measure/experiments/comparisons.json';
const PAGE = 'docs/capacity.md';
const NAMES = ['job-capacity', 'cold-isolates'];

it('the page has what the command writes: the same seeds, the same figures', async () => {
  const folder = temporaryFolder();
  for (const path of ['scripts/measure/experiments', 'docs'])
    mkdirSync(join(folder, path), { recursive: true });
  cpSync(join(ROOT, 'docs/benchmarks.md'), join(folder, 'docs/benchmarks.md'));
  const written = readFileSync(join(ROOT, PAGE), 'utf8');
  writeFileSync(
    join(folder, PAGE),
    fillSections(written, Object.fromEntries(NAMES.map((name) => [name, '']))),
  );
  writeFileSync(join(folder, RECORDS), '{}');
  expect(written).toContain(`npm run experiments -- --only ${NAMES.join(' ')}`);
  const { code, stdout } = await runScript('experiments', ['--only', ...NAMES, '--json'], folder);
  expect([code, Object.keys(JSON.parse(stdout).comparisons)]).toEqual([0, NAMES]);
  const withoutDate = (text: string) => text.replaceAll(/Measured .*/g, '');
  expect(withoutDate(readFileSync(join(folder, PAGE), 'utf8'))).toBe(withoutDate(written));
});
