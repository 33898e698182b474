/**
 * Wrangler and Miniflare, loaded only when they are first needed. They are megabytes of CommonJS, which
 * `require` loads in half the time of `import`: that scans all of the code for exported names.
 */
import { createRequire } from 'node:module';
import type * as Miniflare from 'miniflare';
import type * as Wrangler from 'wrangler';

const require = createRequire(import.meta.url);

export const requireMiniflare = (): typeof Miniflare => require('miniflare');

export const requireWrangler = (): typeof Wrangler => require('wrangler');
