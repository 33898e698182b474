/** What `npm run retrain` loads before its first line: each module takes about a millisecond. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const ENTRY = 'scripts/retrain.ts';

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

it('retrain says what it does before it loads what it needs to train', async () => {
  const { metafile } = await build({
    ...{ entryPoints: [ENTRY], absWorkingDir: ROOT, write: false, outdir: 'out', logLevel: 'error' },
    ...{
      bundle: true,
      metafile: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    },
  });
  const loaded = new Set([ENTRY]);
  for (const path of loaded) {
    const imports = metafile.inputs[path]!.imports;
    for (const { kind, external, path: imported } of imports)
      if (kind === 'import-statement' && external !== true) loaded.add(imported);
  }
  expect([...loaded].filter((path) => LATER.includes(path))).toEqual([]);
  expect(loaded.size).toBeLessThan(220);
  for (const path of LATER) expect(metafile.inputs).toHaveProperty([path]);
});
