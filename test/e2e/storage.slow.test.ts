/** Disks that are full, and other ends of commands: a sentence and no stack trace. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { start } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';

interface SmallDisk {
  readonly folder: string;
  /** Size of a file, in KiB, above which writing fails; undefined if the disk itself is small. */
  readonly limit: number | undefined;
}

/** A disk of 64 KiB where root may make one, and otherwise a limit on the size of files. */
function smallDisk(): SmallDisk {
  const folder = temporaryFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]);
  if (status !== 0) return { folder, limit: 32 };
  onTestFinished(() => void execFileSync('umount', [folder]));
  return { folder, limit: undefined };
}

/** Runs a command, under the limit if there is one. */
function runOn(
  { limit }: SmallDisk,
  script: string,
  flags: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const module = join(inject('commands'), `${script}.mjs`);
  const shell = `${limit === undefined ? '' : `trap '' XFSZ; ulimit -f ${2 * limit};`} exec "$@"`;
  const args = ['-c', shell, 'sh', process.execPath, '--enable-source-maps', module, ...flags];
  return new Promise((resolve) => {
    execFile('/bin/sh', args, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

const FULL = /(the disk is full: free some space|the file would become larger than)/;

function expectSentence(stderr: string, path: string): void {
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr).toContain(path);
  expect(stderr).toMatch(FULL);
}

/** Weights of more bytes than the disk has. */
const LARGE = ['tabular', '--force', '--set', 'hidden=[256]', 'codeSize=64', 'batchSize=16'];

function numbersFile(): string {
  const path = join(temporaryFolder(), 'numbers.csv');
  const lines = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${i % 7}`);
  writeFileSync(path, ['a,b,c', ...lines].join('\n'));
  return path;
}

describe('a full disk', () => {
  it('ends the packaging of a model with a sentence, and leaves no part of the artifact', async () => {
    const disk = smallDisk();
    const flags = [...LARGE, 'epochs=2', 'checkpointEvery=0', '--out', disk.folder, '--data', numbersFile()];
    const { code, stderr } = await runOn(disk, 'train', flags);
    expectSentence(stderr, disk.folder);
    expect(code).toBe(1);
    expect(readdirSync(join(disk.folder, 'tabular'))).toEqual([]);
  });

  it('ends a run that cannot write a checkpoint', async () => {
    const disk = smallDisk();
    const flags = [...LARGE, 'epochs=2', '--out', disk.folder, '--data', numbersFile()];
    const { code, stderr } = await runOn(disk, 'train', flags);
    expectSentence(stderr, join('.checkpoint', 'latest'));
    expect(code).toBe(1);
  });

  it.runIf(existsSync('/dev/full'))('ends a run that cannot write its history', async () => {
    const flags = ['tabular', '--history', '/dev/full', '--data', numbersFile(), '--out', temporaryFolder()];
    const { code, stderr } = await start('train', [...flags, '--set', 'epochs=2']).finished;
    expectSentence(stderr, '/dev/full');
    expect(code).toBe(1);
  });

  it.runIf(existsSync('/dev/full'))('ends a command whose output is lost with an error', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const module = join(inject('commands'), 'train.mjs');
    const flags = [
      'tabular',
      '--json',
      '--data',
      numbersFile(),
      '--out',
      temporaryFolder(),
      '--force',
      '--set',
      'epochs=1',
    ];
    const { status, stderr } = spawnSync(process.execPath, [module, ...flags], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expectSentence(stderr, 'standard output');
    expect(status).toBe(1);
  });
});

describe('Ctrl-C while data is read', () => {
  it.each(['train', 'evaluate'])('ends %s with exit code 130 and a sentence', async (script) => {
    const pipe = join(temporaryFolder(), 'rows.csv');
    execFileSync('mkfifo', [pipe]);
    const command = script === 'train' ? ['tabular', '--data', pipe] : [await model(), '--data', pipe];
    const reading = start(script, command, temporaryFolder());
    // Resolves when the command has opened the other end.
    const writer = await open(pipe, 'w');
    await writer.write('a,b,c\n1,2,3\n');
    reading.process.kill('SIGINT');
    const { code, stderr } = await reading.finished;
    await writer.close();
    expect([code, stderr]).toEqual([130, expect.stringMatching(/^interrupted: ended by Ctrl-C[^\n]*\n$/)]);
  });

  it('ends a query of any length', async () => {
    const sql = 'SELECT max(sin(i)) AS x, min(cos(i)) AS y FROM range(100000000000) AS r(i)';
    const reading = start('train', ['tabular', '--data', sql], temporaryFolder());
    await new Promise((resolve) => setTimeout(resolve, 3000));
    reading.process.kill('SIGINT');
    const { code, stderr } = await reading.finished;
    expect([code, stderr]).toEqual([130, expect.stringMatching(/^interrupted: ended by Ctrl-C[^\n]*\n$/)]);
  });
});

/** An artifact of the columns a, b and c. */
async function model(): Promise<string> {
  const out = temporaryFolder();
  await start('train', ['tabular', '--data', numbersFile(), '--out', out, '--force', '--set', 'epochs=1'])
    .finished;
  return join(out, 'tabular');
}
