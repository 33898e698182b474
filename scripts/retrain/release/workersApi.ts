/**
 * Versions and deployments of a Worker through Cloudflare's API
 * (https://developers.cloudflare.com/api/resources/workers/subresources/scripts/). Wrangler's commands for
 * them neither report what they replaced nor tell errors apart.
 */
import * as z from 'zod';
import { GateError, InputError } from '../../../shared/errors.ts';

/** Share of the requests that a version of the Worker answers, in percent. */
export interface Share {
  readonly id: string;
  readonly percentage: number;
}

export interface Deployment {
  /** Undefined before the first deployment. */
  readonly id: string | undefined;
  readonly shares: readonly Share[];
}

const Binding = z.looseObject({ type: z.string(), name: z.string() });
export type Binding = z.infer<typeof Binding>;

const WorkerVersion = z.looseObject({
  id: z.string(),
  resources: z.looseObject({
    bindings: z.array(Binding).default([]),
    script_runtime: z.looseObject({}).optional(),
  }),
});
export type WorkerVersion = z.infer<typeof WorkerVersion>;

const Deployments = z.looseObject({
  /** The newest, which is in force, first. */
  deployments: z.array(
    z.looseObject({
      id: z.string(),
      versions: z.array(z.looseObject({ version_id: z.string(), percentage: z.number() })),
    }),
  ),
});

export interface WorkersApi {
  /** Returns the deployments, the one in force first. */
  deployments(): Promise<readonly Deployment[]>;
  /** Returns a version; undefined if there is none of this id (any more). */
  version(id: string): Promise<WorkerVersion | undefined>;
  /** @throws {ChangedSecretsError} if a version has other secrets than the Worker has now. */
  deploy(shares: readonly Share[], message: string): Promise<void>;
}

/** A version with other secrets than those in force: deploying it would take them back. */
export class ChangedSecretsError extends InputError {}

/** Cloudflare's code of that error. */
const CHANGED_SECRETS = 10_220;
const API = 'https://api.cloudflare.com/client/v4';
const TIMEOUT_MS = 30_000;

/** @param worker Name of the Worker. @throws {InputError} if the environment names no account and token. */
export function workersApi(worker: string): WorkersApi {
  const { CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_API_TOKEN: token } = process.env;
  if (!account || !token) {
    throw new InputError(
      '--release versions: expected CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN in the environment (a token with the permission Workers Scripts: Edit)',
    );
  }
  const base = process.env.CLOUDFLARE_API_BASE_URL ?? API;
  /** Undefined for something that does not exist. */
  const request = async (path: string, body?: object): Promise<unknown> => {
    const url = `${base}/accounts/${account}/workers/scripts/${worker}${path}`;
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new InputError(`${url}: no answer; check the network`, { cause });
    });
    const answer = Envelope.safeParse(await response.json().catch(() => undefined)).data;
    if (response.ok && answer?.success === true) return answer.result;
    if (response.status === 404 && body === undefined) return undefined;
    throw refusal(url, response.status, answer?.errors ?? []);
  };
  return {
    deployments: async () => {
      const { deployments } = Deployments.parse((await request('/deployments')) ?? { deployments: [] });
      return deployments.map(({ id, versions }) => ({
        id,
        shares: versions.map(({ version_id, percentage }) => ({ id: version_id, percentage })),
      }));
    },
    version: async (id) => {
      const found = await request(`/versions/${id}`);
      return found === undefined ? undefined : WorkerVersion.parse(found);
    },
    deploy: async (shares, message) => {
      await request('/deployments', {
        strategy: 'percentage',
        versions: shares.map(({ id, percentage }) => ({ version_id: id, percentage })),
        annotations: { 'workers/message': message },
      });
    },
  };
}

const Envelope = z.looseObject({
  success: z.boolean(),
  errors: z.array(z.looseObject({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
});

function refusal(
  url: string,
  status: number,
  errors: readonly { readonly code: number; readonly message: string }[],
): InputError {
  const reasons = errors.map(({ code, message }) => `${message} [code: ${code}]`).join('; ');
  const text = `${url}: Cloudflare answered ${status}${reasons === '' ? '' : `, ${reasons}`}`;
  return errors.some(({ code }) => code === CHANGED_SECRETS)
    ? new ChangedSecretsError(text)
    : new InputError(text);
}

/** Renders a deployment: `0f3c...@90%, 77ab...@10%`. */
export function shownShares(shares: readonly Share[]): string {
  return shares.map(({ id, percentage }) => `${id}@${percentage}%`).join(', ') || 'nothing';
}

/**
 * Compare-and-swap: deploys the shares if the deployment in force is still `expected`. Cloudflare's API has no
 * condition for this, so the deployment is compared before and after: a deployment that somebody made in
 * between is put back.
 * @throws {GateError} if the deployment is not, or was not, the expected one.
 */
export async function swapDeployment(
  api: WorkersApi,
  expected: Deployment,
  shares: readonly Share[],
  message: string,
): Promise<void> {
  const changed = (found: Deployment | undefined, what: string) =>
    new GateError(
      `the deployment of the Worker was changed by someone else: expected ${shownShares(expected.shares)}, found ${shownShares(found?.shares ?? [])}; ${what}`,
    );
  const [before] = await api.deployments();
  if (before?.id !== expected.id) throw changed(before, 'left unchanged');
  await api.deploy(shares, message);
  const [own, replaced] = await api.deployments();
  if (!isSame(own?.shares ?? [], shares)) throw changed(own, 'left unchanged');
  if (replaced?.id !== expected.id) {
    if (replaced) await api.deploy(replaced.shares, 'puts back what was deployed at the same moment');
    throw changed(replaced, 'put back');
  }
}

/** True if both have the same versions with the same shares. */
export function isSame(a: readonly Share[], b: readonly Share[]): boolean {
  const text = (shares: readonly Share[]) =>
    shares
      .map(({ id, percentage }) => `${id}@${percentage}`)
      .sort()
      .join();
  return text(a) === text(b);
}
