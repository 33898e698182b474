import { graphEntries } from '../../../shared/manifest.ts';
import { readWorkerConfig } from '../../lib/wranglerConfig.ts';
import type { Gate } from './gate.ts';

const MIB = 1024 * 1024;

/** The Worker will load it. */
export const budget: Gate = {
  summary: 'no graph is larger than MAX_MODEL_BYTES, and all of them fit MODEL_CACHE_BYTES (wrangler.toml)',
  judge: async ({ challenger }) => {
    const { MAX_MODEL_BYTES, MODEL_CACHE_BYTES } = (await readWorkerConfig()).vars;
    const sizes = graphEntries(challenger.graphs).map(([, { bytes }]) => bytes);
    const [largest, total] = [Math.max(...sizes), sizes.reduce((sum, each) => sum + each, 0)];
    const [most, cache] = [Number(MAX_MODEL_BYTES ?? 16 * MIB), Number(MODEL_CACHE_BYTES ?? 32 * MIB)];
    return {
      passed: largest <= most && total <= cache,
      figures: `largest graph ${kib(largest)}, up to ${kib(most)}; all ${kib(total)}, up to ${kib(cache)}`,
    };
  },
};

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString('en-US')} KiB`;
}
