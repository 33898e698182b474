/** `npm run models`, on the bucket of this machine. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { backUp } from '../../scripts/retrain/inventory/backup.ts';
import { openJournal } from '../../scripts/retrain/journal.ts';
import { publishArtifact, writeAliases } from '../../scripts/store/publish.ts';
import { writtenArtifact } from '../support/artifacts/writtenArtifact.ts';
import { type Finished, runScript } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';
import { memoryBucket } from '../support/data/nights/memoryBucket.ts';

const folder = keptFolder();
const versions: string[] = [];

const models = (...flags: string[]): Promise<Finished> => runScript('models', [...flags, '--json'], folder);
const listed = async () => JSON.parse((await models('list')).stdout).versions;

/** Three nights of which two versions have aliases. */
beforeAll(async () => {
  mkdirSync(join(folder, 'artifacts'));
  const bucket = memoryBucket();
  for (const night of [1, 2, 3]) {
    const createdAt = `2026-01-0${night}T00:00:00.000Z`;
    const artifact = await writtenArtifact(join(folder, 'artifacts'), {
      name: 'rain',
      createdAt,
      scale: night,
    });
    await publishArtifact(bucket, artifact);
    versions.unshift(artifact.manifest.version);
  }
  await writeAliases(bucket, 'rain', { production: versions[0]!, previous: versions[1]! });
  const journal = await openJournal(bucket, 'rain');
  for (const event of ['started', 'ended'] as const)
    await journal.append({ run: 'night 3', event, ...(event === 'ended' && { outcome: 'promoted' }) });
  await backUp(bucket, join(folder, 'nights'));
  expect((await models('restore', join(folder, 'nights'))).code).toBe(0);
});

it('lists every version with its places and aliases, the newest first', async () => {
  expect(await listed()).toMatchObject(
    versions.map((version, i) => ({
      ...{ name: 'rain', version, places: ['bucket', 'disk'] },
      aliases: [['production'], ['previous'], []][i],
    })),
  );
  expect(JSON.parse((await models('show', `rain@${versions[0]}`)).stdout).manifest.version).toBe(versions[0]);
});

it('deletes no version that an alias names, and backs up what it deletes', async () => {
  const refused = await models('delete', `rain@${versions[0]}`);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('is production')]);

  const before = await listed();
  expect((await models('backup', join(folder, 'backup'))).code).toBe(0);
  expect(JSON.parse((await models('prune', '--keep', '1', '--dry-run')).stdout).deleted).toHaveLength(1);
  expect(await listed()).toEqual(before);
  expect(JSON.parse((await models('prune', '--keep', '1')).stdout).deleted).toMatchObject([
    { version: versions[2] },
  ]);
  expect((await listed()).map(({ version }: { version: string }) => version)).toEqual(versions.slice(0, 2));
  expect(existsSync(join(folder, 'artifacts', 'rain', versions[2]!))).toBe(false);

  expect((await models('restore', join(folder, 'backup'))).code).toBe(0);
  expect((await listed()).at(-1)).toMatchObject({ version: versions[2], places: ['bucket'] });
});

it('restores a bucket that is gone', async () => {
  rmSync(join(folder, 'artifacts', '.bucket'), { recursive: true });
  expect((await models('restore', join(folder, 'backup'))).code).toBe(0);
  expect((await listed())[0]).toMatchObject({ version: versions[0], aliases: ['production'] });
  const history = await runScript('deploy', ['--history', 'rain', '--target', 'local', '--json'], folder);
  expect(JSON.parse(history.stdout).entries.at(-1)).toMatchObject({ outcome: 'promoted' });
});
