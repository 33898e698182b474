/**
 * Wrangler and Miniflare, when they are first needed. They are megabytes of CommonJS: `require` takes half the time of `import`,
 * which looks through all of it for names that it exports.
 */
import { createRequire } from 'node:module';
import type * as Miniflare from 'miniflare';
import type * as Wrangler from 'wrangler';

const require = createRequire(import.meta.url);

export const requireMiniflare = (): typeof Miniflare => require('miniflare');

export const requireWrangler = (): typeof Wrangler => require('wrangler');
