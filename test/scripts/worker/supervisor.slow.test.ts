import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../support/commands/cli.ts';
import { temporaryFolder } from '../../support/data/data.ts';

interface Supervised {
  readonly process: ChildProcess;
  readonly url: string;
  /** Path of its build folder. */
  readonly folder: string;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

const PROGRAM = [
  process.execPath,
  '--import',
  createRequire(import.meta.url).resolve('tsx'),
  join(ROOT, 'test', 'support', 'edge', 'supervised.ts'),
] as const;

function supervised(cwd: string): Promise<Supervised> {
  const [node, ...args] = PROGRAM;
  return watched(spawn(node, args, { cwd }), cwd);
}

/** Run by a shell, as npm runs scripts. */
function supervisedByNpm(cwd: string): Promise<Supervised> {
  // The shell stays the parent, since it has something to do afterwards.
  const shell = spawn('/bin/sh', ['-c', '"$@"; exit $?', 'sh', ...PROGRAM], {
    cwd,
    env: { ...process.env, npm_lifecycle_event: 'serve' },
  });
  return watched(shell, cwd);
}

async function watched(child: ChildProcessWithoutNullStreams, cwd: string): Promise<Supervised> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stderr }));
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('close', () => reject(new Error(stderr)));
  });
  const { url, folder } = JSON.parse(line);
  return { process: child, url, folder: join(cwd, folder), ended };
}

/** Waits until nothing answers at the address, for at most three seconds. */
async function isGone(url: string): Promise<boolean> {
  for (let i = 0; i < 30; i++) {
    const answered = await fetch(url).then(
      (response) => response.text(),
      () => undefined,
    );
    if (answered === undefined) return true;
    await sleep(100);
  }
  return false;
}

describe('a command that has started workerd', () => {
  it.each<readonly [NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('ends with it and its folder at %s, with exit code %d and a sentence', async (signal, code) => {
    const running = await supervised(temporaryFolder());
    expect(existsSync(running.folder)).toBe(true);
    running.process.kill(signal);
    expect(await running.ended).toEqual({
      code,
      stderr: expect.stringMatching(new RegExp(`^interrupted: ended by .*${signal}`)),
    });
    expect(await isGone(running.url)).toBe(true);
    expect(existsSync(running.folder)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ends with the npm that runs it, at %s of that',
    async (signal) => {
      const running = await supervisedByNpm(temporaryFolder());
      expect(existsSync(running.folder)).toBe(true);
      running.process.kill(signal);
      // Its output closes when the command has ended, after the shell.
      expect((await running.ended).stderr).toMatch(/^interrupted: ended by SIGTERM/);
      expect(await isGone(running.url)).toBe(true);
      expect(existsSync(running.folder)).toBe(false);
    },
  );

  it('leaves no workerd at SIGKILL, and its folder only until the next start', async () => {
    const cwd = temporaryFolder();
    const killed = await supervised(cwd);
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(await isGone(killed.url)).toBe(true);
    const elsewhere = join(cwd, 'artifacts', `.worker-1.not-${hostname()}-abcdef`);
    mkdirSync(elsewhere);
    const next = await supervised(cwd);
    expect([existsSync(killed.folder), existsSync(elsewhere)]).toEqual([false, true]);
    next.process.kill('SIGINT');
    await next.ended;
  });
});
