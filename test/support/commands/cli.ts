/** Running the project's commands as a user does, in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

export const ROOT = join(import.meta.dirname, '../../..');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with stdout so far when it contains the text; rejects when the process ends before. */
  readonly saw: (text: string) => Promise<string>;
  readonly finished: Promise<Finished>;
}

/** Removes the lines that report a flag of `npm run deploy` taking longer than a second: on a busy machine, any may. */
export function withoutProgress(stderr: string): string {
  return stderr.replaceAll(/^--[a-z-]+ with --target \w+(: \d+ s so far)?\n/gm, '');
}

/** `npm run <script> -- <flags>` without npm or `tsx` in between, so that signals reach the command itself. */
export function start(
  script: string,
  flags: readonly string[],
  cwd = ROOT,
  env: NodeJS.ProcessEnv = process.env,
  node = process.execPath,
): Running {
  const module = join(inject('commands'), `${script}.mjs`);
  const child = spawn(node, ['--enable-source-maps', module, ...flags], { cwd, env });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    notify();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const saw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        if (!stdout.includes(text)) return;
        listeners.delete(check);
        resolve(stdout);
      };
      listeners.add(check);
      check();
      finished.then(
        () => reject(new Error(`${script} ended without '${text}':\n${stdout}\n${stderr}`)),
        reject,
      );
    });
  return { process: child, saw, finished };
}

export function runScript(script: string, flags: readonly string[], cwd?: string): Promise<Finished> {
  return start(script, flags, cwd).finished;
}
