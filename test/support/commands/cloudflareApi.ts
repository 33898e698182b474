/** The part of Cloudflare's API that Wrangler calls to upload and deploy a Worker, which is remembered. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A version of the Worker with its share of the requests, in percent. */
export type Deployment = Readonly<Record<string, number>>;

export interface CloudflareApi {
  /** Environment that directs Wrangler to it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ids of the versions that were uploaded, with the annotations that they were given. */
  readonly versions: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly deployments: readonly Deployment[];
  /** Requests that it does not know. */
  readonly unknown: readonly string[];
  close(): Promise<void>;
}

interface ApiRequest {
  readonly id: string;
  readonly form: () => Promise<FormData>;
  readonly json: () => Promise<{ versions: { version_id: string; percentage: number }[] }>;
}

/** The Worker has an address below workers.dev. */
const ADDRESS = { enabled: true, previews_enabled: false };
const CREATED = '2026-01-01T00:00:00Z';

export async function cloudflareApi(): Promise<CloudflareApi> {
  const versions = new Map<string, Record<string, string>>();
  const deployments: Deployment[] = [];
  const unknown: string[] = [];

  /** Stores what a form says of a version, and returns its id. */
  const upload = async (form: FormData): Promise<string> => {
    const { annotations = {} } = JSON.parse(await textOf(form.get('metadata'))) as {
      annotations?: Record<string, string>;
    };
    const id = randomUUID();
    versions.set(id, annotations);
    return id;
  };
  const described = (id: string) => ({
    ...{ id, number: [...versions.keys()].indexOf(id) + 1, annotations: versions.get(id) },
    metadata: {
      created_on: CREATED,
      modified_on: CREATED,
      source: 'wrangler',
      author_email: 'a@example.com',
    },
    resources: {
      bindings: [],
      script: { etag: id, handlers: ['fetch'], last_deployed_from: 'wrangler' },
      script_runtime: { compatibility_date: '2026-04-01', usage_model: 'standard' },
    },
  });
  const shares = (deployment: Deployment) =>
    Object.entries(deployment).map(([version_id, percentage]) => ({ version_id, percentage }));
  const deployed = () =>
    deployments
      .map((each, i) => ({ id: `${i}`, source: 'wrangler', created_on: CREATED, versions: shares(each) }))
      .toReversed();

  /** Methods and paths below that of the script, with what they answer. */
  const ROUTES: readonly [pattern: RegExp, answer: (request: ApiRequest) => unknown][] = [
    [/^GET service$/, () => ({ default_environment: { environment: 'production', script: {} } })],
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
    [/^GET versions$/, () => ({ items: [...versions.keys()].map(described) })],
    [/^GET versions\/(.+)$/, ({ id }) => described(id)],
    [/^GET deployments$/, () => ({ deployments: deployed() })],
    [
      /^POST deployments$/,
      async ({ json }) => {
        const { versions: given } = await json();
        deployments.push(
          Object.fromEntries(given.map(({ version_id, percentage }) => [version_id, percentage])),
        );
        return { id: randomUUID() };
      },
    ],
    [
      /^PUT script$/,
      async ({ form }) => {
        const id = await upload(await form());
        deployments.push({ [id]: 100 });
        return { id, deployment_id: id, startup_time_ms: 1 };
      },
    ],
    [/^GET buckets$/, () => ({ name: 'latentedge-models' })],
  ];

  const server = createServer(async (request, response) => {
    const named = nameOf(request);
    const route = ROUTES.find(([pattern]) => pattern.test(named));
    if (route === undefined) unknown.push(`${request.method} ${request.url}`);
    const [pattern, answer] = route ?? [/$/, () => null];
    const body = new Response(await bytesOf(request), {
      headers: { 'Content-Type': request.headers['content-type'] ?? '' },
    });
    const id = pattern.exec(named)?.[1] ?? '';
    const result = await answer({ id, form: () => body.formData(), json: () => body.json() });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ success: true, errors: [], messages: [], result }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ versions, deployments, unknown },
    environment: {
      ...process.env,
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
      CLOUDFLARE_API_TOKEN: 'token',
      CLOUDFLARE_ACCOUNT_ID: 'account',
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** `GET versions/5` of `GET /client/v4/accounts/account/workers/scripts/latentedge/versions/5?full=true`. */
function nameOf({ method, url }: IncomingMessage): string {
  const { pathname } = new URL(url!, 'http://localhost');
  const path = pathname.replace(/^\/client\/v4\/accounts\/[^/]+\//, '');
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
