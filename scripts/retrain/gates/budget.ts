import { readModelSettings } from '../../../edge/models/modelSettings.ts';
import { graphEntries } from '../../../shared/manifest.ts';
import { kib } from '../../cli/tables.ts';
import { readWorkerSettings } from '../../worker/wranglerToml.ts';
import type { VersionGate } from './gate.ts';

/** Ensures that the Worker can load the challenger. */
export const budget: VersionGate = {
  acceptable: false,
  summary: 'no graph exceeds MAX_MODEL_BYTES, and all together fit into MODEL_CACHE_BYTES (wrangler.toml)',
  judge: async ({ challenger }) => {
    const { maxGraphBytes: most, cacheBytes: cache } = readModelSettings((await readWorkerSettings()).vars);
    const sizes = graphEntries(challenger.graphs).map(([, { bytes }]) => bytes);
    const [largest, total] = [Math.max(...sizes), sizes.reduce((sum, each) => sum + each, 0)];
    const passed = largest <= most && total <= cache;
    const advice = passed
      ? ''
      : '; --set weightType=float16 halves graphs, weightType=int8 quarters them; or raise these limits in wrangler.toml';
    return {
      passed,
      figures: `largest graph ${kib(largest)}, limit ${kib(most)}; all ${kib(total)}, limit ${kib(cache)}${advice}`,
    };
  },
};
