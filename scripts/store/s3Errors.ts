/** Errors of the S3 API, and their remedies. */
import { InputError } from '../../shared/errors.ts';

/**
 * Remedies by the error code in the XML of the response
 * (https://developers.cloudflare.com/r2/api/error-codes/).
 */
const REMEDIES: Readonly<Record<string, string>> = {
  AccessDenied:
    'the R2 token needs the permission "Object Read & Write" for this bucket: create one in the dashboard, under R2, "Manage API tokens"',
  InvalidAccessKeyId: 'R2_ACCESS_KEY_ID is not the id of a token of this account',
  SignatureDoesNotMatch: 'R2_SECRET_ACCESS_KEY is not the secret of this R2_ACCESS_KEY_ID',
  RequestTimeTooSkewed:
    "this machine's clock is more than 15 minutes off: set it, for instance with timedatectl set-ntp true",
  NoSuchBucket: 'create the bucket: npx wrangler r2 bucket create, with the bucket_name in wrangler.toml',
};

/** Error codes by status, for responses without XML, such as those to HEAD. */
const CODES: Readonly<Record<number, string>> = { 401: 'InvalidAccessKeyId', 403: 'AccessDenied' };

/** A store that does not answer, or refuses a request. */
export class StoreFailure extends InputError {
  /** The code that commands exit with: nobody's input is wrong. */
  override readonly exitCode: number = 1;
}

/** A store that answers, and refuses a request: others may be answered. */
export class StoreRefusal extends StoreFailure {
  /** 2 if what it was given is wrong, such as a key. */
  override readonly exitCode: number;

  constructor(message: string, status: number) {
    super(message);
    const isBusy = status === 429 || status >= 500;
    this.exitCode = isBusy ? 1 : 2;
  }
}

/** Builds the error of a refused request. It contains neither headers nor keys, so it may be printed. */
export function refusal(request: string, status: number, xml: string): StoreRefusal {
  const code = /<Code>(\w+)<\/Code>/.exec(xml)?.[1] ?? CODES[status];
  const remedy = code === undefined ? undefined : REMEDIES[code];
  const message = `${request}: the store answered ${status}${code === undefined ? '' : `, ${code}`}`;
  return new StoreRefusal(remedy === undefined ? message : `${message}: ${remedy}`, status);
}
