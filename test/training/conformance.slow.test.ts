import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { liveWorker } from '../../scripts/retrain/live.ts';
import { serveLocally } from '../../scripts/worker/local.ts';
import { ANSWERS_FILE, type AnsweredOperation, KnownAnswers } from '../../shared/answers.ts';
import { permutation, random } from '../../shared/random.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { keptFolder } from '../support/data/data.ts';
import { allCombinations, conforms, expectSound } from '../support/training/combinations.ts';

/** All of them take half an hour; these are drawn from all, the same in every run. */
const SAMPLED = 120;

const combinations = allCombinations();
const sampled = [...permutation(combinations.length, random(1, 'combinations')).subarray(0, SAMPLED)].map(
  (index) => combinations[index]!,
);
const out = keptFolder();
/** What the tests below have trained. */
const artifacts: Artifact[] = [];

it.each(sampled.map((each, i) => [Object.values(each).join(' '), each, `waves-${i}`] as const))(
  '%s is trained, packaged, evaluated and reported, or refused before training',
  async (_, combination, name) => {
    const result = await conforms(combination, out, name);
    if ('refused' in result) return;
    artifacts.push(result.artifact);
    expectSound(result);
  },
);

it('one Worker gives the known answers of all of them, in every operation', async () => {
  expect(artifacts.length).toBeGreaterThan(SAMPLED / 2);
  const worker = await serveLocally(artifacts, { runtime: 'stock', log: () => undefined });
  const live = liveWorker(worker.url.href, undefined);
  const problems: string[] = [];
  let asked = 0;
  for (const { directory, manifest } of artifacts) {
    const known = KnownAnswers.parse(JSON.parse(await readFile(join(directory, ANSWERS_FILE), 'utf8')));
    const operations = Object.keys(known.answers) as AnsweredOperation[];
    for (const operation of operations) {
      const { problem, version } = await live.probe(operation, { manifest, known });
      asked++;
      if (problem !== undefined || version !== manifest.version)
        problems.push(`${manifest.name}: ${problem ?? version}`);
    }
    const scored = await fetch(new URL(`/v1/models/${manifest.name}/score`, worker.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ rows: known.rows }),
    });
    const { scores } = (await scored.json()) as { scores?: { score: number }[] };
    // A forecast has no error that rows could be judged by.
    const expected = manifest.operations.includes('score') ? known.rows.length : undefined;
    if (scores?.length !== expected) problems.push(`${manifest.name}/score: ${scored.status}`);
  }
  await worker.dispose();
  expect(problems).toEqual([]);
  expect(asked).toBeGreaterThan(artifacts.length);
});
