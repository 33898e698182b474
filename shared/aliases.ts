/** `<model>/aliases.json`, next to the versions of a model in a bucket: it names the versions that answer. */
import * as z from 'zod';
import { ModelVersion } from './manifest.ts';

/** A name for a version, as in `name@production`; `name` alone is answered by `production` or `canary`. */
export const AliasName = z.enum(['production', 'canary', 'shadow', 'previous']);

export const Aliases = z.strictObject({
  /** The version that answers requests without a version. */
  production: ModelVersion,
  /** The version that answers a share of these requests in place of `production`. */
  canary: z
    .strictObject({
      version: ModelVersion,
      /** Percentage of the requests, in (0, 100]. */
      percentage: z.number().positive().max(100),
    })
    .optional(),
  /** A version that is asked a share of what `production` has answered; clients never see its answers. */
  shadow: z
    .strictObject({
      version: ModelVersion,
      /** Percentage of the requests, in (0, 100]. */
      percentage: z.number().positive().max(100),
    })
    .optional(),
  /** The former `production`; it answers if `production` cannot be loaded. */
  previous: ModelVersion.optional(),
});

export type AliasName = z.infer<typeof AliasName>;
export type Aliases = z.infer<typeof Aliases>;

/** Returns the version that an alias names; undefined if the alias is not set. */
export function aliasedVersion(aliases: Aliases, alias: AliasName): string | undefined {
  const named = aliases[alias];
  return typeof named === 'object' ? named.version : named;
}
