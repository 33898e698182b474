/**
 * Wrangler and Miniflare, loaded only when they are first needed. They are megabytes of CommonJS, which
 * `require` loads in half the time of `import`, because `import` scans all of the code for exported names.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type * as Miniflare from 'miniflare';
import type * as Wrangler from 'wrangler';
import { optionalPackageSync } from '../../training/optionalPackage.ts';
import { PACKAGE_FOLDER } from '../cli/places.ts';
import { withoutForeignListeners } from '../cli/signals.ts';

const require = createRequire(import.meta.url);

/** The absolute path of the installed Wrangler's package.json: that of the project, which may bring a newer one. */
export function wranglerPackage(): string {
  return optionalPackageSync('wrangler', 'building and running the Worker needs', () =>
    require.resolve('wrangler/package.json', { paths: [process.cwd(), PACKAGE_FOLDER] }),
  );
}

export const requireWrangler = (): typeof Wrangler =>
  withoutForeignListeners(() => require(dirname(wranglerPackage())));

/** Miniflare 5 takes options of another form, and converts those of Miniflare 4. */
interface Conversion {
  readonly convertV4MiniflareOptions?: (options: Miniflare.MiniflareOptions) => Miniflare.MiniflareOptions;
}

/** The absolute path of the Miniflare that the installed Wrangler depends on. */
export const miniflarePackage = (): string => createRequire(wranglerPackage()).resolve('miniflare');

/** That Miniflare. */
export const requireMiniflare = (): typeof Miniflare & Conversion =>
  createRequire(wranglerPackage())('miniflare');
