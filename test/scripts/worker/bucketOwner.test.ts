import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptFolder } from '../../support/data/data.ts';

const OWNER = join('artifacts', '.bucket.owner.json');
const TSX = createRequire(import.meta.url).resolve('tsx');
const MODULE = new URL('../../../scripts/worker/bucketOwner.ts', import.meta.url).href;
const CODE = `import { ownBucket } from '${MODULE}';
const owned = await ownBucket(console.log, async () => undefined);
console.log('owned');
owned.release();`;

/** Takes the bucket of a folder, in a process whose files may have at most `blocks` blocks. */
function take(folder: string, blocks = 'unlimited') {
  const node = [process.execPath, '--import', TSX, '--input-type=module', '-e', CODE];
  const limited = ['-c', `ulimit -f ${blocks}; exec "$@"`, 'bash', ...node];
  return spawnSync('bash', limited, { cwd: folder, encoding: 'utf8', timeout: 20_000 });
}

it('leaves no file behind if the disk is full', () => {
  const folder = keptFolder();
  const { stderr } = take(folder, '0');
  expect(stderr).toContain('.bucket.owner.json cannot be written');
  expect(existsSync(join(folder, OWNER))).toBe(false);
});

it('does not wait for a process that was killed before it wrote its name', () => {
  const folder = keptFolder();
  mkdirSync(join(folder, 'artifacts'));
  writeFileSync(join(folder, OWNER), '');
  const old = new Date(Date.now() - 10_000);
  utimesSync(join(folder, OWNER), old, old);
  expect(take(folder).stdout).toBe('owned\n');
});
