/** Projects with a wrangler.toml like latentedge's own. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cli.ts';

/** Key with both scopes. */
export const KEY = 'le_key-of-the-tests';

/** latentedge's own wrangler.toml with the sections that are off, as somebody turns them on: by removing the signs before them. */
export function wholeConfig(): string {
  const config = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  return config.replaceAll(/^# \[\[.+\]\]\n(# \w+ = .+\n)+/gm, (section) => section.replaceAll(/^# /gm, ''));
}

/** Writes a wrangler.toml like latentedge's own, with all of its sections. */
export function writeProject(folder: string): void {
  mkdirSync(join(folder, 'artifacts'), { recursive: true });
  const config = wholeConfig().replaceAll(/"(\.\/)?edge\//g, `"${ROOT}/edge/`);
  // The folder may have a link to latentedge's own.
  rmSync(join(folder, 'wrangler.toml'), { force: true });
  writeFileSync(join(folder, 'wrangler.toml'), config);
}

/** Writes such a project, and a `.dev.vars` with the hash of `KEY`. */
export function writeKeyedProject(folder: string): void {
  writeProject(folder);
  writeKeys(folder);
}

/** Writes a `.dev.vars` with the hash of `KEY`. */
export function writeKeys(folder: string): void {
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const entry = { name: 'tests', sha256, scopes: ['infer', 'admin'] };
  writeFileSync(join(folder, '.dev.vars'), `API_KEYS='${JSON.stringify([entry])}'\n`);
}
