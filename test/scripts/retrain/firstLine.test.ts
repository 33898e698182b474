/** What commands load before their first line: each module takes about a millisecond. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

/** Modules for later: training, the steps of a run, and the making of a Worker. */
const LATER = [
  'training/train.ts',
  'scripts/retrain/retrain.ts',
  'scripts/retrain/unopened.ts',
  'scripts/worker/local.ts',
  'scripts/retrain/targets/local.ts',
  'scripts/retrain/metrics/heldOut.ts',
  'edge/operations/registry.ts',
];

/** Returns the modules that the first one imports before it runs, and all that it may import. */
async function modulesOf(entry: string) {
  const { metafile } = await build({
    ...{ entryPoints: [entry], absWorkingDir: ROOT, write: false, outdir: 'out', logLevel: 'error' },
    ...{
      bundle: true,
      metafile: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    },
  });
  const loaded = new Set([entry]);
  for (const path of loaded) {
    const imports = metafile.inputs[path]!.imports;
    for (const { kind, external, path: imported } of imports)
      if (kind === 'import-statement' && external !== true) loaded.add(imported);
  }
  return { loaded, all: metafile.inputs };
}

it('retrain says what it does before it loads what it needs to train', async () => {
  const { loaded, all } = await modulesOf('scripts/retrain.ts');
  expect([...loaded].filter((path) => LATER.includes(path))).toEqual([]);
  expect(loaded.size).toBeLessThan(220);
  for (const path of LATER) expect(all).toHaveProperty([path]);
});

it('deploy loads neither what bundles models nor the gates before it shows that it reads the bucket', async () => {
  const { loaded, all } = await modulesOf('scripts/deploy.ts');
  expect(loaded.size).toBeLessThan(50);
  const asked = await modulesOf('scripts/retrain/controlFlags.ts');
  const read = await modulesOf('scripts/worker/localBuckets.ts');
  for (const path of [
    'scripts/deploying/deploy.ts',
    'scripts/worker/local.ts',
    'edge/operations/registry.ts',
  ]) {
    expect(all).toHaveProperty([path]);
    expect([...loaded, ...asked.loaded, ...read.loaded]).not.toContain(path);
  }
});
