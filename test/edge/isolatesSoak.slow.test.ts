/** A minute of requests, with the versions of a stored model in isolates of their own. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import { freezeModule } from '../../scripts/worker/frozenModule.ts';
import { AdminStats } from '../../shared/adminApi.ts';
import { edgeArtifacts } from '../support/artifacts/edgeArtifacts.ts';
import { LOCAL_KEY } from '../support/edge/apiKeys.ts';
import { soak } from '../support/edge/soak.ts';

soak({
  seconds: Number(process.env.SOAK_SECONDS ?? 60),
  build: async (folder) => {
    const models = await bundleModels(edgeArtifacts(), join(folder, 'bundle'), { runtime: 'dynamic' });
    return buildWorker(join(folder, 'worker'), models);
  },
  published: async (version) => ({ ...version, frozen: await freezeModule(version) }),
  atEnd: async ({ url }) => {
    const stats = await fetch(new URL('/admin/stats', url), { headers: { 'X-API-Key': LOCAL_KEY.key } });
    const { isolates } = AdminStats.parse(await stats.json());
    expect(isolates!.map(({ version, replaced }) => [version.split('@')[0], replaced])).toContainEqual([
      'stored',
      0,
    ]);
    expect(isolates!.filter(({ replaced }) => replaced > 0)).toEqual([]);
  },
});
