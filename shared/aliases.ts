/** `<model>/aliases.json`, beside the versions of a model in a bucket: which of them answers. */
import * as z from 'zod';
import { ModelVersion } from './manifest.ts';

/** What a version can be addressed by, as `name@production`; `name` alone is `production` or `canary`. */
export const AliasName = z.enum(['production', 'canary', 'previous']);

export const Aliases = z.strictObject({
  /** Answers requests that name no version. */
  production: ModelVersion,
  /** Answers a share of these in place of `production`. */
  canary: z
    .strictObject({
      version: ModelVersion,
      /** Of the requests, in (0, 100]. */
      percentage: z.number().positive().max(100),
    })
    .optional(),
  /** Was `production` before; answers where `production` cannot be loaded. */
  previous: ModelVersion.optional(),
});

export type AliasName = z.infer<typeof AliasName>;
export type Aliases = z.infer<typeof Aliases>;

/** The version that an alias names; undefined where there is no such alias. */
export function aliasedVersion(aliases: Aliases, alias: AliasName): string | undefined {
  return alias === 'canary' ? aliases.canary?.version : aliases[alias];
}
