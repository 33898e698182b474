/** Running Wrangler as a command. */
import { dirname, join } from 'node:path';
import { ENVIRONMENT_VARIABLE } from '../cli/places.ts';
import { wranglerPackage } from './cloudflare.ts';

/**
 * Returns the command line and environment that run this project's wrangler, without its banner and
 * telemetry.
 */
export function wrangler(flags: readonly string[]) {
  const args = [join(dirname(wranglerPackage()), 'bin', 'wrangler.js'), ...flags];
  // The banner would query the npm registry for a newer version.
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
  };
  // A configuration that was written for this build is that of the environment, and has no environments.
  if (flags.includes('--config')) delete env[ENVIRONMENT_VARIABLE];
  return { command: process.execPath, args, env };
}
