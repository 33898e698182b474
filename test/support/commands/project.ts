/** A project whose clients need keys. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cli.ts';

/** Key with both scopes. */
export const KEY = 'le_key-of-the-tests';

/** Writes a wrangler.toml like latentedge's own, and a `.dev.vars` with the hash of `KEY`. */
export function writeKeyedProject(folder: string): void {
  mkdirSync(join(folder, 'artifacts'), { recursive: true });
  const config = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  writeFileSync(join(folder, 'wrangler.toml'), config.replaceAll(/"(\.\/)?edge\//g, `"${ROOT}/edge/`));
  writeKeys(folder);
}

/** Writes a `.dev.vars` with the hash of `KEY`. */
export function writeKeys(folder: string): void {
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const entry = { name: 'tests', sha256, scopes: ['infer', 'admin'] };
  writeFileSync(join(folder, '.dev.vars'), `API_KEYS='${JSON.stringify([entry])}'\n`);
}
