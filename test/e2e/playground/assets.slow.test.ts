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
async function built(playground: string, changes: object = {}, data?: string) {
  const { env: _, ...config } = parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'));
  const vars = {
    ...(config.vars as object),
    RUNTIME: 'stock',
    PLAYGROUND: playground,
    ...(data && { PLAYGROUND_DATA: data }),
  };
  writeFileSync(join(folder, 'wrangler.toml'), stringify({ ...config, ...changes, vars }));
  return start('deploy', ['--dry-run'], folder).finished;
}

it('are the playground and its headers, or nothing if it is off', async () => {
  const on = await built('on');
  expect(on.code, on.stderr).toBe(0);
  expect(readdirSync(assets).toSorted()).toEqual(['_headers', 'docs', 'docs.html', 'playground']);
  expect(existsSync(join(assets, 'playground/index.html'))).toBe(true);
  const off = await built('off');
  expect(off.code, off.stderr).toBe(0);
  expect(readdirSync(assets)).toEqual([]);
});

it('have no training rows, unless these are public, and say so', async () => {
  const index = () => JSON.parse(readFileSync(join(assets, 'playground/maps/index.json'), 'utf8'));
  const [version] = readdirSync(join(folder, 'artifacts/linear'));
  writeFileSync(join(folder, 'artifacts/linear', version!, 'map.bin'), 'rows');
  const closed = await built('on');
  expect(closed.code, closed.stderr).toBe(0);
  expect(closed.stdout).toContain('playground: without training rows (PLAYGROUND_DATA = "private"');
  expect(index()).toEqual({ data: 'private', maps: [] });
  expect(readdirSync(join(assets, 'playground/maps'))).toEqual(['index.json']);
  const open = await built('on', {}, 'public');
  expect(open.code, open.stderr).toBe(0);
  expect(open.stdout).toContain('anybody who reaches the Worker can read training rows of linear');
  expect(index()).toEqual({ data: 'public', maps: [`linear/${version}`] });
  expect(readFileSync(join(assets, `playground/maps/linear/${version}.bin`), 'utf8')).toBe('rows');
  const wrong = await built('on', {}, 'yes');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain(
    'PLAYGROUND_DATA in wrangler.toml: expected private or public, received yes',
  );
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
