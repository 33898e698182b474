/** The Cloudflare account of the environment, whose buckets are used through the S3 API. */
import { InputError } from '../../shared/errors.ts';
import type { BucketConnection } from './bucket.ts';

/** Required environment variables, with their sources. */
const VARIABLES = {
  CLOUDFLARE_ACCOUNT_ID: 'the id of the account: npx wrangler whoami',
  R2_ACCESS_KEY_ID: 'the access key of an R2 token with Object Read & Write for the bucket',
  R2_SECRET_ACCESS_KEY: 'the secret of that token',
} as const;

/** True if the environment names an account, and has the keys to its buckets. */
export function isAccountNamed(): boolean {
  return Object.keys(VARIABLES).every((name) => process.env[name]);
}

/**
 * Returns the connection to a bucket of the account.
 * @param flag What needs it, for the error.
 * @throws {InputError} if the environment does not name the account.
 */
export function accountConnection(flag: string, bucket: string): BucketConnection {
  const missing = Object.entries(VARIABLES).filter(([name]) => !process.env[name]);
  if (missing.length > 0) {
    const named = missing.map(([name, what]) => `${name} (${what})`);
    throw new InputError(`${flag}: missing from the environment: ${named.join('; ')}`);
  }
  const env = process.env as Record<keyof typeof VARIABLES, string> & { R2_ENDPOINT?: string };
  const endpoint = env.R2_ENDPOINT ?? `https://${env.CLOUDFLARE_ACCOUNT_ID}.r2.cloudflarestorage.com`;
  return {
    url: `${endpoint}/${bucket}`,
    accessKeyId: env.R2_ACCESS_KEY_ID,
    secretAccessKey: env.R2_SECRET_ACCESS_KEY,
  };
}
