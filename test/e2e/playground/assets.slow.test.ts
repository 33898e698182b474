/** The assets that a Worker is uploaded with. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { beforeAll, expect, it } from 'vitest';
import { writtenArtifact } from '../../support/artifacts/writtenArtifact.ts';
import { ROOT, start } from '../../support/commands/cli.ts';
import { keptFolder } from '../../support/data/data.ts';

const folder = keptFolder();
const assets = join(folder, 'artifacts/bundle/assets');

beforeAll(async () => {
  symlinkSync(join(ROOT, 'edge'), join(folder, 'edge'));
  await writtenArtifact(join(folder, 'artifacts'), { name: 'linear' });
});

/** Builds the Worker with changes to wrangler.toml. */
async function built(playground: string, changes: object = {}) {
  const { env: _, ...config } = parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'));
  const vars = { ...(config.vars as object), RUNTIME: 'stock', PLAYGROUND: playground };
  writeFileSync(join(folder, 'wrangler.toml'), stringify({ ...config, ...changes, vars }));
  return start('deploy', ['--dry-run'], folder).finished;
}

it('are the playground and its headers, or nothing if it is off', async () => {
  const on = await built('on');
  expect(on.code, on.stderr).toBe(0);
  expect(readdirSync(assets).toSorted()).toEqual(['_headers', 'playground']);
  expect(existsSync(join(assets, 'playground/index.html'))).toBe(true);
  const off = await built('off');
  expect(off.code, off.stderr).toBe(0);
  expect(readdirSync(assets)).toEqual([]);
});

it('are those of the Worker itself, if it has some', async () => {
  mkdirSync(join(folder, 'public'));
  const { code, stderr } = await built('on', { assets: { directory: 'public' } });
  expect(code, stderr).toBe(0);
  expect(readdirSync(assets)).toEqual([]);
});

it('cannot be anything but on or off', async () => {
  const { code, stderr } = await built('no');
  expect(code).toBe(2);
  expect(stderr).toContain('PLAYGROUND in wrangler.toml: expected on or off, received no');
});
