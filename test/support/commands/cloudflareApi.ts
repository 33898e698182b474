/**
 * The part of Cloudflare's API that Wrangler and retraining call to upload and deploy a Worker, with what it
 * remembers: versions with their bindings and secrets, and deployments.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Share of the requests of each version of the Worker, in percent. */
export type Deployment = Readonly<Record<string, number>>;

export interface Binding {
  readonly type: string;
  readonly name: string;
  readonly text?: string;
}

export interface WorkerVersion {
  readonly annotations: Readonly<Record<string, string>>;
  readonly bindings: readonly Binding[];
  /** Values of the secrets, which the API never returns. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly runtime: object;
}

export interface CloudflareApi {
  /** Environment that directs commands to it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Versions that were uploaded, by their ids; oldest first. */
  readonly versions: Map<string, WorkerVersion>;
  /** Oldest first. */
  readonly deployments: Deployment[];
  /** Requests so far: method and path below that of the script. */
  readonly requests: string[];
  /** Names of the Workers that were asked for. */
  readonly workers: Set<string>;
  /** Requests that it does not know. */
  readonly unknown: readonly string[];
  /** Is called before a deployment is made, for somebody who deploys at the same moment. */
  beforeDeployment: () => void;
  /** Deploys a version with the bindings, and the secrets and settings of the one before. Returns its id. */
  deployed(bindings: readonly Binding[]): string;
  /** Changes a secret as `wrangler secret put` does: a new version of what is deployed, at 100 %. */
  putSecret(name: string, value: string): string;
  close(): Promise<void>;
}

interface ApiRequest {
  readonly id: string;
  readonly form: () => Promise<FormData>;
  readonly json: () => Promise<{ versions: { version_id: string; percentage: number }[] }>;
}

interface Metadata {
  readonly bindings?: readonly Binding[];
  readonly keep_bindings?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
}

/** An answer that is a refusal. */
class Refusal {
  constructor(
    readonly status: number,
    readonly code: number,
    readonly message: string,
  ) {}
}

/** The Worker has an address below workers.dev. */
const ADDRESS = { enabled: true, previews_enabled: false };
const CREATED = '2026-01-01T00:00:00Z';
const SECRETS = { API_KEYS: 'first' };

/** @param runtime Settings of the versions that `deployed` adds before any was uploaded. */
export async function cloudflareApi(runtime: object = {}): Promise<CloudflareApi> {
  const unknown: string[] = [];
  const deploy = (versions: Deployment) => api.deployments.push(versions);
  const latest = () => [...api.versions.values()].at(-1);
  /** The secrets of now are those of the version that was deployed last. */
  const inForce = () => api.versions.get(Object.keys(api.deployments.at(-1) ?? {})[0] ?? '');
  const add = (version: WorkerVersion): string => {
    const id = randomUUID();
    api.versions.set(id, version);
    return id;
  };

  /** Stores what a form says of a version, and returns its id. */
  const upload = async (form: FormData): Promise<string> => {
    const metadata = JSON.parse(await textOf(form.get('metadata'))) as Metadata;
    const keeps = metadata.keep_bindings?.includes('secret_text') === true;
    return add({
      annotations: metadata.annotations ?? {},
      bindings: metadata.bindings ?? [],
      secrets: keeps ? (latest()?.secrets ?? {}) : {},
      runtime: {
        compatibility_date: metadata.compatibility_date,
        compatibility_flags: metadata.compatibility_flags,
      },
    });
  };
  const described = (id: string) => {
    const version = api.versions.get(id);
    if (version === undefined) return new Refusal(404, 10_045, 'version not found');
    const secrets = Object.keys(version.secrets).map((name) => ({ type: 'secret_text', name }));
    return {
      ...{ id, number: [...api.versions.keys()].indexOf(id) + 1, annotations: version.annotations },
      metadata: {
        ...{ created_on: CREATED, modified_on: CREATED, source: 'wrangler', author_email: 'a@example.com' },
        has_preview: false,
      },
      resources: {
        bindings: [...version.bindings, ...secrets],
        script: { etag: id, handlers: ['fetch'], last_deployed_from: 'wrangler' },
        script_runtime: { ...version.runtime, usage_model: 'standard' },
      },
    };
  };
  const shares = (deployment: Deployment) =>
    Object.entries(deployment).map(([version_id, percentage]) => ({ version_id, percentage }));
  const newestFirst = () =>
    api.deployments
      .map((each, i) => ({ id: `${i}`, source: 'wrangler', created_on: CREATED, versions: shares(each) }))
      .toReversed();

  /** Methods and paths below that of the script, with what they answer. */
  const ROUTES: readonly [pattern: RegExp, answer: (request: ApiRequest) => unknown][] = [
    [
      /^GET service$/,
      () => ({
        default_environment: { environment: 'production', script: { last_deployed_from: 'wrangler' } },
      }),
    ],
    [/^GET workers\/subdomain$/, () => ({ subdomain: 'example' })],
    [/^GET secrets$/, () => []],
    [/^(GET|POST) subdomain$/, () => ADDRESS],
    [/^(GET|PATCH) worker$/, () => ({ subdomain: ADDRESS })],
    [/^(GET|PATCH) script-settings$/, () => ({})],
    [/^GET settings$/, () => ({ bindings: [] })],
    [
      /^POST versions$/,
      async ({ form }) => ({ ...described(await upload(await form())), startup_time_ms: 1 }),
    ],
    [/^GET versions$/, () => ({ items: [...api.versions.keys()].map(described) })],
    [/^GET versions\/(.+)$/, ({ id }) => described(id)],
    [/^GET deployments$/, () => ({ deployments: newestFirst() })],
    [
      /^POST deployments$/,
      async ({ json }) => {
        api.beforeDeployment();
        const { versions: given } = await json();
        if (given.reduce((sum, { percentage }) => sum + percentage, 0) !== 100)
          return new Refusal(400, 10_021, 'percentages must add up to 100');
        const now = JSON.stringify(inForce()?.secrets ?? {});
        const isOld = ({ version_id }: { version_id: string }) =>
          JSON.stringify(api.versions.get(version_id)?.secrets) !== now;
        if (inForce() !== undefined && given.some(isOld))
          return new Refusal(400, 10_220, 'The following secrets have changed: API_KEYS');
        deploy(Object.fromEntries(given.map(({ version_id, percentage }) => [version_id, percentage])));
        return { id: randomUUID() };
      },
    ],
    [
      /^PUT script$/,
      async ({ form }) => {
        const id = await upload(await form());
        deploy({ [id]: 100 });
        return { id, deployment_id: id, startup_time_ms: 1 };
      },
    ],
    // It has all files already.
    [/^POST assets-upload-session$/, () => ({ jwt: 'token', buckets: [] })],
    // Wrangler asks for an account in return for a little work.
    [
      /^POST provisioning\/previews\/challenge$/,
      () => ({ challengeToken: 'token', seed: Buffer.alloc(32).toString('base64url'), k: 1, g: 1 }),
    ],
    [
      /^POST provisioning\/previews$/,
      () => {
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
        return {
          account: { id: 'account', name: 'example', apiToken: 'temporary', expiresAt },
          claim: { url: 'https://dash.cloudflare.com/claim-preview?claimToken=1', expiresAt },
        };
      },
    ],
    [/^GET buckets$/, () => ({ name: 'latentedge-models' })],
  ];

  const server = createServer(async (request, response) => {
    const named = nameOf(request);
    api.requests.push(named);
    const [, worker] = SCRIPT.exec(request.url!) ?? [];
    if (worker !== undefined) api.workers.add(worker);
    const route = ROUTES.find(([pattern]) => pattern.test(named));
    if (route === undefined) unknown.push(`${request.method} ${request.url}`);
    const [pattern, answer] = route ?? [/$/, () => null];
    const body = new Response(await bytesOf(request), {
      headers: { 'Content-Type': request.headers['content-type'] ?? '' },
    });
    const id = pattern.exec(named)?.[1] ?? '';
    const result = await answer({ id, form: () => body.formData(), json: () => body.json() });
    const refusal = result instanceof Refusal ? result : undefined;
    response.writeHead(refusal?.status ?? 200, { 'Content-Type': 'application/json' });
    response.end(
      JSON.stringify({
        success: refusal === undefined,
        errors: refusal === undefined ? [] : [{ code: refusal.code, message: refusal.message }],
        messages: [],
        result: refusal === undefined ? result : null,
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const api: CloudflareApi = {
    ...{ versions: new Map(), deployments: [], requests: [], workers: new Set(), unknown },
    environment: {
      ...process.env,
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
      CLOUDFLARE_API_TOKEN: 'token',
      CLOUDFLARE_ACCOUNT_ID: 'account',
    },
    beforeDeployment: () => undefined,
    deployed: (bindings) => {
      const before = latest();
      const id = add({
        ...{ annotations: {}, bindings },
        ...{ secrets: before?.secrets ?? SECRETS, runtime: before?.runtime ?? runtime },
      });
      deploy({ [id]: 100 });
      return id;
    },
    putSecret: (name, value) => {
      const before = inForce()!;
      const id = add({ ...before, secrets: { ...before.secrets, [name]: value } });
      deploy({ [id]: 100 });
      return id;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

const SCRIPT = /\/workers\/scripts\/([^/?]+)/;

/** `GET versions/5` of `GET /client/v4/accounts/account/workers/scripts/latentedge/versions/5?full=true`. */
function nameOf({ method, url }: IncomingMessage): string {
  const { pathname } = new URL(url!, 'http://localhost');
  const path = pathname.replace(/^\/client\/v4\/(accounts\/[^/]+\/)?/, '');
  const below = /^workers\/(script|service|worker)s\/[^/]+\/?(.*)$/.exec(path);
  if (below !== null) return `${method} ${below[2] || below[1]}`;
  return `${method} ${path.replace(/^r2\/buckets.*$/, 'buckets')}`;
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? null : new Uint8Array(Buffer.concat(chunks));
}

async function textOf(part: FormDataEntryValue | null): Promise<string> {
  return part instanceof Blob ? part.text() : (part ?? '{}');
}
