/** `--status` and `--history` where the disk takes no writes, and commands that wait for others. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../scripts/retrain/journal.ts';
import { publishArtifact } from '../../scripts/store/publish.ts';
import { s3Bucket } from '../../scripts/store/s3.ts';
import { serveS3 } from '../../scripts/store/s3Server.ts';
import { openBucket } from '../../scripts/worker/localBuckets.ts';
import { versionOf } from '../../training/artifact/artifact.ts';
import { linearArtifact } from '../support/artifacts/linearArtifact.ts';
import { runScript, start, withoutProgress } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';

const { manifest, graphs } = linearArtifact({ name: 'orders' });
const { version: _, ...content } = manifest;
const VERSION = versionOf(content);
const OWNER = '.bucket.owner.json';
const LOCK = {
  holder: 'r2',
  token: 't',
  host: 'elsewhere',
  pid: 1,
  seconds: 60,
  renewals: 0,
  released: false,
};

/** Writes a bucket with a model that a run has promoted, and another run in progress. */
async function filled(folder: string): Promise<void> {
  const bucketFolder = join(folder, 'artifacts', '.bucket');
  const { bucket, close } = await openBucket({ r2Buckets: { MODELS: 'latentedge-models' }, bucketFolder });
  await publishArtifact(bucket, { manifest: { ...manifest, version: VERSION }, graphs, answers: undefined });
  await bucket.put('orders/aliases.json', JSON.stringify({ production: VERSION }));
  const journal = await openJournal(bucket, 'orders');
  const found = { before: null, challenger: VERSION };
  await journal.append({ run: 'r1', event: 'started', details: { found } });
  await journal.append({ run: 'r1', event: 'ended', outcome: 'promoted' });
  // Its time is compared with that of the store, which is written to for that.
  await bucket.put('orders/retrain/lock.json', JSON.stringify(LOCK));
  await close();
}

/** Ways in which a folder takes no writes. Root may write everywhere, but can mount; others cannot. */
const UNWRITABLE: Readonly<Record<string, (artifacts: string) => Promise<void>>> = {
  'a full disk': async (artifacts) => {
    mounted(artifacts, ['-t', 'tmpfs', '-o', 'size=8m', 'none']);
    await filled(join(artifacts, '..'));
    spawnSync('dd', ['if=/dev/zero', `of=${join(artifacts, 'rest')}`, 'bs=4k']);
  },
  'a disk that is read-only': async (artifacts) => {
    mounted(artifacts, ['-t', 'tmpfs', 'none']);
    await filled(join(artifacts, '..'));
    // A process that was killed, and whose file cannot be deleted any more.
    const { pid } = spawnSync('true');
    writeFileSync(join(artifacts, OWNER), JSON.stringify({ pid, host: hostname(), command: 'retrain' }));
    spawnSync('mount', ['-o', 'remount,ro', artifacts]);
  },
  'a folder of another user': async (artifacts) => {
    await filled(join(artifacts, '..'));
    chmodSync(artifacts, 0o555);
    onTestFinished(() => chmodSync(artifacts, 0o755));
  },
};

function mounted(folder: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', [...args, folder], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  onTestFinished(() => void spawnSync('umount', [folder]));
}

/** KiB. */
function free(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1024;
}

const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('latentedge-bucket-'));
/** Those that can be made here: in a container, root often may not mount. */
const here = Object.keys(UNWRITABLE).filter((name) => {
  const isOfUser = name === 'a folder of another user';
  return process.getuid?.() === 0 ? !isOfUser && canMount() : isOfUser;
});

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mounted-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', 'none', folder]);
  if (status === 0) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return status === 0;
}

it.each(here)('--status and --history read the bucket on %s, and say that runs fail', async (name) => {
  const folder = temporaryFolder();
  const artifacts = join(folder, 'artifacts');
  mkdirSync(artifacts);
  await UNWRITABLE[name]!(artifacts);
  const before = copies();
  const status = await runScript('deploy', ['--status', '--target', 'local'], folder);
  expect([status.code, withoutProgress(status.stderr)]).toEqual([
    0,
    expect.stringMatching(
      /^warning: artifacts\/\.bucket\.owner\.json cannot be written: .*; runs fail until that is mended\n$/,
    ),
  ]);
  expect(status.stdout).toContain(`orders: production ${VERSION}\n`);
  expect(status.stdout).toMatch(
    /in progress: run r2 \(process 1 on elsewhere\), or it was killed: its lock expires/,
  );
  const history = await runScript('deploy', ['--history', '--target', 'local', '--json'], folder);
  expect(JSON.parse(history.stdout).entries).toHaveLength(2);
  expect(copies()).toEqual(before);
  // What changes something tells what is in force all the same.
  const rollback = await runScript('deploy', ['--rollback', '--target', 'local'], folder);
  expect(withoutProgress(rollback.stderr).split('\n')).toEqual([
    expect.stringMatching(/^error: artifacts\/\.bucket\.owner\.json cannot be written: /),
    `in force: production ${VERSION}`,
    'undone: nothing, as nothing was changed',
    'next: once the above is settled: npm run deploy -- --rollback --target local',
    '',
  ]);
  if (name === 'a full disk') expect(existsSync(join(artifacts, OWNER))).toBe(false);
});

it.runIf(canMount())('a bucket whose disk becomes full says so, and keeps what it has', async () => {
  const bucketFolder = temporaryFolder();
  mounted(bucketFolder, ['-t', 'tmpfs', '-o', 'size=1m', 'none']);
  const { bucket, close } = await openBucket({ r2Buckets: ['MODELS'], bucketFolder });
  onTestFinished(close);
  await bucket.put('first', 'kept');
  const fills = async () => {
    for (let i = 0; i < 20; i++) await bucket.put(`object ${i}`, new Uint8Array(100_000));
  };
  await expect(fills()).rejects.toMatchObject({
    name: 'StorageError',
    message: expect.stringMatching(/^put object \d+: the disk of the local bucket is full/),
  });
  // Other processes do not take it for a store that may answer soon.
  const server = await serveS3(bucket, 'key');
  onTestFinished(() => server.close());
  const stored = s3Bucket({ url: server.url, accessKeyId: 'key', secretAccessKey: 'secret', patience: 60 });
  await expect(stored.put('last', new Uint8Array(900_000))).rejects.toMatchObject({
    name: 'StorageError',
    message: expect.stringMatching(/^put last: the disk of the local bucket is full/),
  });
  const kept = await bucket.get('first');
  expect(new TextDecoder().decode(await kept!.arrayBuffer())).toBe('kept');
});

it('--status says for whom it waits', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'artifacts'));
  await filled(folder);
  const other = spawn('sleep', ['600']);
  onTestFinished(() => void other.kill());
  const owner = join(folder, 'artifacts', OWNER);
  writeFileSync(owner, JSON.stringify({ pid: other.pid, host: hostname(), command: 'serve' }));
  const status = start('deploy', ['--status', '--target', 'local', '--json'], folder);
  const told = new Promise<string>((resolve) =>
    status.process.stderr!.on('data', (text: string) => {
      if (withoutProgress(text) !== '') resolve(withoutProgress(text));
    }),
  );
  expect(await told).toBe(
    `waiting up to 5 s for process ${other.pid} (serve), which uses artifacts/.bucket\n`,
  );
  rmSync(owner);
  const { code, stdout } = await status.finished;
  expect([code, JSON.parse(stdout).models[0].aliases]).toEqual([0, { production: VERSION }]);
});

it.each(['before it serves', 'while it serves', 'after it has answered'])(
  '--status and --history read a copy behind a process that hangs %s',
  async (moment) => {
    const folder = temporaryFolder();
    await filled(folder);
    const other = spawn('sleep', ['600']);
    onTestFinished(() => void other.kill());
    const at = (name: string) => join(folder, 'artifacts', name);
    writeFileSync(at(OWNER), JSON.stringify({ pid: other.pid, host: hostname(), command: 'retrain' }));
    if (moment === 'while it serves') {
      // Connections are taken, as by a process that was stopped, and nobody answers.
      const silent = createServer();
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void silent.close());
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/models`;
      const [bucket, rest] = [
        { url, accessKeyId: 'id' },
        { kind: 'run', url, key: 'k', runtime: 'stock' },
      ];
      writeFileSync(at('.serving.json'), JSON.stringify({ ...rest, bucket, jobs: bucket, rows: bucket }));
    }
    if (moment === 'after it has answered') {
      const port = await hangsAfterwards();
      const bucket = { url: `http://127.0.0.1:${port}/models`, accessKeyId: 'id' };
      const serving = {
        kind: 'serve',
        url: bucket.url,
        key: 'k',
        runtime: 'stock',
        bucket,
        jobs: bucket,
        rows: bucket,
      };
      writeFileSync(at('.serving.json'), JSON.stringify(serving));
    }
    const before = copies();
    const started = performance.now();
    const [status, history] = await Promise.all(
      ['--status', '--history'].map((flag) =>
        runScript('deploy', [flag, 'orders', '--target', 'local'], folder),
      ),
    );
    // Each of the requests that hang would take as long.
    expect(performance.now() - started).toBeLessThan(60_000);
    const who = `process ${other.pid} (retrain)`;
    for (const { code, stderr } of [status!, history!]) {
      expect([code, withoutProgress(stderr).split('\n')]).toEqual([
        0,
        [
          expect.stringMatching(/^waiting up to 5 s for .*process \d+ \(retrain\), which (uses|serves) /),
          `warning: ${who} ${moment === 'after it has answered' ? 'serves artifacts/.bucket, and does not answer' : 'uses artifacts/.bucket, and has not answered for 5 s'}; this command reads a copy of it`,
          '',
        ],
      ]);
    }
    expect(status!.stdout).toContain(`orders: production ${VERSION}\n`);
    expect(status!.stdout).toContain('in progress: run r2');
    expect(history!.stdout).toContain('promoted');
    expect([copies(), existsSync(at(OWNER))]).toEqual([before, true]);
  },
);

it('--status says that the process that served the bucket has ended, where that has answered before', async () => {
  const folder = temporaryFolder();
  await filled(folder);
  const bucket = { url: `http://127.0.0.1:${await hangsAfterwards()}/models`, accessKeyId: 'id' };
  const rest = { kind: 'serve', url: bucket.url, key: 'k', runtime: 'stock' };
  const serving = { ...rest, bucket, jobs: bucket, rows: bucket };
  writeFileSync(join(folder, 'artifacts', '.serving.json'), JSON.stringify(serving));
  const { code, stderr } = await runScript('deploy', ['--status', 'orders', '--target', 'local'], folder);
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining(
      'warning: the process that served artifacts/.bucket has ended; this command reads a copy of it\n',
    ),
  ]);
});

/** A store that answers whoever looks for it, and then nobody. Returns its port. */
async function hangsAfterwards(): Promise<number> {
  const server = createHttpServer(({ url }, response) => {
    if (url === '/models') response.end('<ListBucketResult/>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

it.runIf(canMount() && existsSync('/dev/shm'))(
  '--status and --history read the bucket where only the folder for temporary files is full, which others name',
  async () => {
    const [folder, temporary] = [temporaryFolder(), temporaryFolder()];
    await filled(folder);
    mounted(temporary, ['-t', 'tmpfs', '-o', 'size=64k', 'none']);
    spawnSync('dd', ['if=/dev/zero', `of=${join(temporary, 'rest')}`, 'bs=4k']);
    const say = (script: string, ...flags: string[]) =>
      start(script, [...flags, '--target', 'local'], folder, { ...process.env, TMPDIR: temporary }).finished;
    const full = `${temporary}, the folder for temporary files (TMPDIR), cannot be written: the disk is full`;
    const warning = expect.stringContaining(`warning: ${full}`);
    const status = await say('deploy', '--status');
    expect([status.code, withoutProgress(status.stderr)]).toEqual([0, warning]);
    expect(status.stdout).toContain(`orders: production ${VERSION}\n`);
    const history = await say('deploy', '--history', '--json');
    expect([history.code, withoutProgress(history.stderr)]).toEqual([0, warning]);
    expect(JSON.parse(history.stdout).entries).toHaveLength(2);
    expect((await say('deploy', '--rollback')).stderr).toContain(`error: ${full}`);
    const retrained = await say('retrain', 'tabular', '--name', 'orders', '--data', 'none.csv');
    expect(retrained.code).toBe(1);
    expect(retrained.stderr).toContain(`error: ${full}`);
    expect(retrained.stderr).toContain(`\nin force: production ${VERSION}, as before this run\n`);
    expect((await say('deploy', '--history', 'orders')).stdout).toContain('failed: ');
  },
);

it('what a damaged file, a name or the history holds is shown, not obeyed by the terminal', async () => {
  const folder = temporaryFolder();
  const bucketFolder = join(folder, 'artifacts', '.bucket');
  await filled(folder);
  const { bucket, close } = await openBucket({ r2Buckets: { MODELS: 'latentedge-models' }, bucketFolder });
  await bucket.put('orders/aliases.json', '\0\0\x1b[2J\x1b]0;owned\x07');
  const journal = await openJournal(bucket, 'orders');
  await journal.append({ run: 'rollback', event: 'command', reason: 'gone \x1b[2K\x1b[1A' });
  await close();
  for (const [flags, seen] of [
    [['--status'], '\\x1b[2K'],
    [['--history', 'orders'], '\\x1b[2K'],
    [['--rollback', 'orders'], '\\x00'],
    [['--status', 'or\x1b[2Jders'], '\\x1b[2J'],
  ] as const) {
    const { stdout, stderr } = await runScript('deploy', [...flags, '--target', 'local'], folder);
    expect([flags, `${stdout}${stderr}`]).toEqual([flags, expect.stringContaining(seen)]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are meant.
    expect(`${stdout}${stderr}`).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  }
});

it('one object of the history that is damaged hides neither the rest nor what is in force', async () => {
  const folder = temporaryFolder();
  await filled(folder);
  const bucketFolder = join(folder, 'artifacts', '.bucket');
  const options = { r2Buckets: { MODELS: 'latentedge-models' }, bucketFolder };
  const opened = await openBucket(options);
  const journal = await openJournal(opened.bucket, 'orders');
  for (const reason of ['truncated', 'emptied', 'deleted', 'kept'])
    await journal.append({ run: 'rollback', event: 'command', reason });
  await opened.close();
  const blobs = join(bucketFolder, 'r2', 'latentedge-models', 'blobs');
  for (const name of readdirSync(blobs)) {
    const path = join(blobs, name);
    const text = readFileSync(path, 'utf8');
    if (text.includes('"truncated"')) truncateSync(path, 20);
    if (text.includes('"emptied"')) truncateSync(path, 0);
    if (text.includes('"deleted"')) rmSync(path);
  }
  const key = (number: number) => `orders/retrain/journal/00000000${number}.json`;
  const say = async (flag: string) => {
    const { stdout, stderr } = await runScript('deploy', [flag, 'orders', '--target', 'local'], folder);
    expect(withoutProgress(stderr)).toBe('');
    return stdout;
  };
  for (const stdout of [await say('--status'), await say('--history')]) {
    expect(stdout).toContain('rollback: kept');
    // The first two entries are one block.
    for (const number of [3, 4, 5])
      expect(stdout).toContain(`damaged history: ${key(number)} cannot be read`);
    expect(stdout).not.toContain(key(6));
  }
  // Through the bucket's S3 API, as next to a Worker that serves; and the numbers of damaged entries are taken.
  const { bucket, close } = await openBucket(options);
  const server = await serveS3(bucket, 'key');
  const stored = s3Bucket({ url: server.url, accessKeyId: 'key', secretAccessKey: 'secret', patience: 2 });
  await (await openJournal(stored, 'orders')).append({ run: 'rollback', event: 'command', reason: 'later' });
  const again = await openJournal(stored, 'orders');
  expect([again.entries.at(-1)?.reason, again.damaged]).toEqual(['later', [3, 4, 5].map(key)]);
  await server.close();
  await close();
});

it.runIf(canMount())(
  'a retraining on a full disk tells what is in force, and is in the history',
  async () => {
    const folder = temporaryFolder();
    const artifacts = join(folder, 'artifacts');
    mkdirSync(artifacts);
    mounted(artifacts, ['-t', 'tmpfs', '-o', 'size=160m', 'none']);
    await filled(folder);
    const options = { r2Buckets: { MODELS: 'latentedge-models' }, bucketFolder: join(artifacts, '.bucket') };
    const opened = await openBucket(options);
    await opened.bucket.delete('orders/retrain/lock.json');
    await opened.close();
    const retrain = (data: string) =>
      runScript('retrain', ['tabular', '--name', 'orders', '--data', data, '--target', 'local'], folder);
    // There is room at first.
    expect((await retrain('first.csv')).stderr).toContain('first.csv: no such file');
    const fill = (name: string, left: number) =>
      spawnSync('dd', [
        'if=/dev/zero',
        `of=${join(artifacts, name)}`,
        'bs=1k',
        `count=${free(artifacts) - left}`,
      ]);
    // Then for the modules of a Worker, but not for what wrangler builds from them.
    fill('much', 8000);
    const unbuilt = await retrain('unbuilt.csv');
    expect([unbuilt.code, unbuilt.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error: artifacts\/\.worker-\S+\/build cannot be written: the disk is full[^\n]*\nin force: production[^\n]*\nundone: [^\n]*\nnext: [^\n]*\n$/,
      ),
    ]);
    // Then for the file of the owner, but not for a Worker.
    fill('most', 1000);
    expect((await retrain('none.csv')).stderr).toMatch(
      /^error: artifacts\/\.worker-\S+ cannot be written: the disk is full[^\n]*\nin force: production/,
    );
    spawnSync('dd', ['if=/dev/zero', `of=${join(artifacts, 'rest')}`, 'bs=4k']);
    const { code, stderr } = await retrain('second.csv');
    expect([code, stderr.split('\n').filter((line) => !line.startsWith('warning'))]).toEqual([
      1,
      [
        expect.stringMatching(/^error: artifacts\/\.bucket\.owner\.json cannot be written: the disk is full/),
        `in force: production ${VERSION}, as before this run`,
        'undone: nothing, as nothing was changed',
        'next: once the above is settled: npm run retrain -- tabular --name orders --data second.csv --target local',
        '',
      ],
    ]);
    const say = async (flag: string) =>
      (await runScript('deploy', [flag, 'orders', '--target', 'local'], folder)).stdout;
    const full = /failed: artifacts\/\.bucket\.owner\.json cannot be written: the disk is full/;
    const status = await say('--status');
    expect(status).toMatch(new RegExp(`last: .*${full.source}`));
    expect(status).toMatch(/next: .* --data second\.csv --target local\n/);
    expect(await say('--history')).toMatch(full);
    for (const name of ['much', 'most', 'rest']) rmSync(join(artifacts, name));
    await retrain('third.csv');
    const { bucket, close } = await openBucket(options);
    const reasons = (await openJournal(bucket, 'orders')).entries.flatMap(({ reason }) => reason ?? []);
    await close();
    const files = ['first', 'third'].map((name) => expect.stringContaining(`${name}.csv`));
    const isFull = expect.stringMatching(/the disk is full/);
    expect(reasons).toEqual([files[0], isFull, isFull, isFull, files[1]]);
    expect((await say('--history')).match(/the disk is full/g)).toHaveLength(3);
  },
);
