import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acceptCandidate, candidatesIn, markCandidate } from '../../../scripts/cli/candidates.ts';
import { chosenVersions } from '../../../scripts/retrain/chosenVersions.ts';
import type { NamingBucket } from '../../../scripts/retrain/namingBucket.ts';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { GateError } from '../../../shared/errors.ts';
import { writtenArtifact } from '../../support/artifacts/writtenArtifact.ts';
import { temporaryFolder } from '../../support/data/data.ts';

let store: Awaited<ReturnType<typeof openBucket>>;
let naming: NamingBucket;

beforeAll(async () => {
  store = await openBucket({ r2Buckets: ['MODELS'] });
  naming = {
    ...{ bucket: store.bucket, where: 'the test', files: ['aliases.json'], isAccount: false },
    close: async () => undefined,
  };
});
afterAll(() => store.close());

/** Trains nothing: a model whose weights are `scale`. */
const write = (root: string, name: string, scale: number) => writtenArtifact(root, { name, scale });

const chosenIn = async (root: string, directories: readonly string[] = [], force = false) => {
  const chosen = await chosenVersions(directories, { naming, force, root });
  return chosen.map(({ artifact: { manifest }, why }) => ({ version: manifest.version, why }));
};

it('takes the production version, not the newest, and says why', async () => {
  const root = temporaryFolder();
  const first = await write(root, 'named', 1);
  await publishArtifact(naming.bucket, first);
  await writeAliases(naming.bucket, 'named', { production: first.manifest.version });
  const newer = await write(root, 'named', 2);
  expect(await chosenIn(root)).toEqual([
    { version: first.manifest.version, why: 'in production according to the test' },
  ]);
  expect(await chosenIn(root, [newer.directory])).toEqual([
    {
      version: newer.manifest.version,
      why: `named on the command line; production is ${first.manifest.version}`,
    },
  ]);
});

it('takes the production version of a model that is named, and any version that is named with it', async () => {
  const root = temporaryFolder();
  const first = await write(root, 'asked', 1);
  const newer = await write(root, 'asked', 2);
  const [old, latest] = [first.manifest.version, newer.manifest.version];
  const time = new Date(Date.now() + 60_000);
  utimesSync(newer.directory, time, time);
  expect(await chosenIn(root, [join(root, 'asked')])).toEqual([
    { version: latest, why: `the newest version in ${join(root, 'asked')}, as named` },
  ]);
  await publishArtifact(naming.bucket, first);
  await writeAliases(naming.bucket, 'asked', { production: old });
  for (const given of ['asked', join(root, 'asked')])
    expect(await chosenIn(root, [given])).toEqual([
      {
        version: old,
        why: `in production according to the test; give asked@${latest} for the newest on this disk`,
      },
    ]);
  expect(await chosenIn(root, [`asked@${latest}`])).toEqual([
    { version: latest, why: `named on the command line; production is ${old}` },
  ]);
});

it('takes the production version from the bucket if this disk does not have it', async () => {
  const elsewhere = await write(temporaryFolder(), 'remote', 3);
  await publishArtifact(naming.bucket, elsewhere);
  await writeAliases(naming.bucket, 'remote', { production: elsewhere.manifest.version });
  const chosen = await chosenIn(temporaryFolder());
  expect(chosen.map(({ version }) => version)).toContain(elsewhere.manifest.version);
});

it('never takes a candidate by itself, and a named one only with force', async () => {
  const root = temporaryFolder();
  const trained = await write(root, 'apart', 1);
  const candidate = await write(candidatesIn(root), 'apart', 2);
  const { version } = candidate.manifest;
  const apart = async () => (await chosenIn(root)).filter(({ why }) => why.includes(join(root, 'apart')));
  expect(await apart()).toMatchObject([{ version: trained.manifest.version }]);

  // A killed run has written no mark.
  await expect(chosenIn(root, [candidate.directory])).rejects.toThrow('was not promoted');
  await markCandidate(root, 'apart', version, { run: 'r1', outcome: 'refused', reason: 'mse 5' });
  const refused = chosenIn(root, [candidate.directory]);
  await expect(refused).rejects.toThrow(/is refused, by retrain run r1 \(mse 5\); --force/);
  await expect(refused).rejects.toBeInstanceOf(GateError);
  expect(await chosenIn(root, [candidate.directory], true)).toMatchObject([
    { version, why: expect.stringContaining('refused by run r1, bundled because of --force') },
  ]);

  await acceptCandidate(root, 'apart', version);
  expect(await apart()).toMatchObject([{ version }]);
  expect(await chosenIn(root, [join(root, 'apart', version)])).toHaveLength(1);
});
