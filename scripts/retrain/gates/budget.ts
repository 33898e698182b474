import { readModelSettings } from '../../../edge/models/modelSettings.ts';
import { graphEntries } from '../../../shared/manifest.ts';
import { kib } from '../../cli/tables.ts';
import { readWorkerSettings } from '../../worker/wranglerToml.ts';
import type { Gate } from './gate.ts';

/** The Worker will load it. */
export const budget: Gate = {
  summary: 'no graph is larger than MAX_MODEL_BYTES, and all of them fit MODEL_CACHE_BYTES (wrangler.toml)',
  judge: async ({ challenger }) => {
    const { maxGraphBytes: most, cacheBytes: cache } = readModelSettings((await readWorkerSettings()).vars);
    const sizes = graphEntries(challenger.graphs).map(([, { bytes }]) => bytes);
    const [largest, total] = [Math.max(...sizes), sizes.reduce((sum, each) => sum + each, 0)];
    return {
      passed: largest <= most && total <= cache,
      figures: `largest graph ${kib(largest)}, up to ${kib(most)}; all ${kib(total)}, up to ${kib(cache)}`,
    };
  },
};
