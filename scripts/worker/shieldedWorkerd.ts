/** Keeping workerd up at Ctrl-C, until the command that started it has tidied up. */
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { miniflarePackage } from './cloudflare.ts';

/** The program that Miniflare runs, if it is set. */
const VARIABLE = 'MINIFLARE_WORKERD_PATH';

/**
 * Has Miniflare start workerd with SIGINT ignored. Ctrl-C in a terminal reaches every process of a command, and
 * workerd would end at once: a run that has a canary to take back would find no store any more. It still ends with
 * the command, which Miniflare and the watchdog see to.
 */
export function shieldWorkerd(): void {
  if (process.platform === 'win32' || process.env[VARIABLE] !== undefined) return;
  const { default: workerd } = createRequire(miniflarePackage())('workerd') as { default: string };
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-workerd-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // Processes are recognised by this name.
  const script = join(folder, 'workerd');
  writeFileSync(script, `#!/bin/sh\ntrap '' INT\nexec '${workerd.replaceAll("'", "'\\''")}' "$@"\n`);
  chmodSync(script, 0o700);
  // Some systems run nothing in folders for temporary files: there, Ctrl-C ends workerd, too.
  if (isExecutable(script)) process.env[VARIABLE] = script;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return false;
    throw error;
  }
}
