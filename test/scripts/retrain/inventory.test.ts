/** Versions in a bucket and on disk, which of them were unpromoted, and which are pruned. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { candidatesIn, markCandidate } from '../../../scripts/cli/candidates.ts';
import { inventory, prunable } from '../../../scripts/retrain/inventory/inventory.ts';
import { unpromotedIn } from '../../../scripts/retrain/inventory/unpromoted.ts';
import { type JournalEntry, type Outcome, openJournal } from '../../../scripts/retrain/journal.ts';
import type { Target } from '../../../scripts/retrain/targets/target.ts';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { writtenArtifact } from '../../support/artifacts/writtenArtifact.ts';
import { keptFolder } from '../../support/data/data.ts';
import { memoryBucket } from '../../support/data/nights/memoryBucket.ts';

const at = '2026-03-01T03:17:00.000Z';

function run(id: string, challenger: string, outcome?: Outcome): JournalEntry[] {
  return [
    { run: id, at, event: 'started' },
    { run: id, at, event: 'done', step: 'train', details: { found: { challenger } } },
    ...(outcome ? [{ run: id, at, event: 'ended' as const, outcome }] : []),
  ];
}

const command = (name: string, from: object, to: object): JournalEntry => ({
  ...{ run: name, at, event: 'command', reason: '', details: { from, to } },
});

it('tells what became of versions that were not promoted, or that somebody went back from', () => {
  const entries = [
    ...[...run('r1', 'a', 'promoted'), ...run('r2', 'b', 'refused'), ...run('r3', 'c', 'rolled back')],
    ...[
      ...run('r4', 'd', 'promoted'),
      command('rollback', { production: 'd', previous: 'a' }, { production: 'a' }),
    ],
    // A canary that a person removed, and one that goes on.
    ...run('r5', 'e'),
    command('rollback', { production: 'a', canary: { version: 'f', percentage: 10 } }, { production: 'a' }),
    // The same version again, which has been in production.
    ...run('r6', 'a', 'failed'),
  ];
  const unpromoted = { b: 'refused', c: 'rolled back', d: 'rolled back', f: 'rolled back' };
  expect(Object.fromEntries(unpromotedIn(entries))).toEqual(unpromoted);
  // Whoever promotes one of them by hand has decided otherwise, and leaves no version in disgrace.
  const promoted = [...entries, command('promote', { production: 'a' }, { production: 'b', previous: 'a' })];
  expect(Object.fromEntries(unpromotedIn(promoted))).toEqual({ ...unpromoted, b: undefined });
});

it('keeps as many versions to return to as are asked for, however many nights were refused', async () => {
  const out = join(keptFolder(), 'artifacts');
  const bucket = memoryBucket();
  const target = {
    bucket,
    release: { key: (model: string) => `${model}/aliases.json` },
  } as unknown as Target;
  const journal = await openJournal(bucket, 'rain');
  const versions: string[] = [];
  const outcomes: readonly Outcome[] = [
    ...(['promoted', 'promoted', 'promoted', 'promoted', 'rolled back'] as const),
    ...(['refused', 'rolled back', 'refused', 'refused'] as const),
  ];
  for (const [night, outcome] of outcomes.entries()) {
    const artifact = await writtenArtifact(outcome === 'promoted' ? out : candidatesIn(out), {
      ...{ name: 'rain', createdAt: `2026-01-0${night + 1}T00:00:00.000Z`, scale: night + 1 },
    });
    const { version } = artifact.manifest;
    versions.push(version);
    // What a gate refuses is never uploaded.
    if (outcome !== 'refused') await publishArtifact(bucket, artifact);
    if (outcome !== 'promoted') await markCandidate(out, 'rain', version, { run: `r${night}`, outcome });
    for (const { at: _, ...entry } of run(`r${night}`, version, outcome)) await journal.append(entry);
  }
  await writeAliases(bucket, 'rain', { production: versions[3]!, previous: versions[2]! });
  const untested = await writtenArtifact(candidatesIn(out), { name: 'rain', createdAt: at, scale: 20 });
  const entries = await inventory({ target, out, dryRun: false });
  expect(entries.map(({ unpromoted }) => unpromoted)).toEqual([
    'untested',
    ...outcomes.toReversed().map((outcome) => (outcome === 'promoted' ? null : outcome)),
  ]);
  const pruned = (keep: number) => prunable(entries, keep).map(({ version }) => version);
  expect(pruned(3)).toEqual([6, 5, 4, 0].map((night) => versions[night]));
  expect(pruned(1)).toEqual([8, 7, 6, 5, 4, 1, 0].map((night) => versions[night]));
  expect(pruned(0)).toContain(untested.manifest.version);
  expect(pruned(0)).not.toContain(versions[3]);
});

it('marks versions that are damaged, in the bucket or on disk, and lists the others', async () => {
  const out = join(keptFolder(), 'artifacts');
  const bucket = memoryBucket();
  const target = {
    bucket,
    release: { key: (model: string) => `${model}/aliases.json` },
  } as unknown as Target;
  const made = [];
  for (const scale of [1, 2, 3, 4]) {
    const createdAt = `2026-01-0${scale}T00:00:00.000Z`;
    const artifact = await writtenArtifact(out, { name: 'rain', createdAt, scale });
    await publishArtifact(bucket, artifact);
    made.push(artifact);
  }
  const [whole, graph, manifest, both] = made.map((each) => each.manifest.version);
  await bucket.put(`rain/${graph}/encoder.onnx`, 'half of it');
  await bucket.put(`rain/${manifest}/manifest.json`, '{"name": ');
  writeFileSync(join(out, 'rain', both!, 'manifest.json'), '{');
  await bucket.delete(`rain/${both}/encoder.onnx`);
  await bucket.put(`rain/${both}/manifest.json`, '{');
  const entries = await inventory({ target, out, dryRun: false });
  expect(entries.map(({ version }) => version)).toEqual([manifest, graph, whole, both]);
  expect(entries.map(({ places }) => places)).toEqual(made.map(() => ['bucket', 'disk']));
  expect(entries.map(({ damage }) => damage)).toEqual([
    [expect.stringContaining(`rain/${manifest}/manifest.json: expected JSON`)],
    [`rain/${graph}/encoder.onnx is missing or damaged`],
    [],
    [expect.stringContaining('manifest.json'), expect.stringContaining(out)],
  ]);
  expect(entries.at(-1)!.manifest).toBeUndefined();
});
