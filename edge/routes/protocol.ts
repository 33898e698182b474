/** The Open Inference Protocol, version 2, at `/v2`. */
import { type Context, Hono } from 'hono';
import { version } from '../../package.json';
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import type { ModelReady, ServerLive, ServerMetadata, ServerReady } from '../../shared/protocol.ts';
import { RepositoryIndexRequest } from '../../shared/protocolExtensions.ts';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { nullable } from '../protocol/absent.ts';
import { modelConfig } from '../protocol/config.ts';
import { infer } from '../protocol/infer.ts';
import { modelMetadata, repositoryIndex } from '../protocol/metadata.ts';
import { findServed, type GraphAddress, type ServedGraph } from '../protocol/served.ts';
import { statistics } from '../protocol/statistics.ts';
import { parseBody } from '../requests/parseBody.ts';
import { readBody } from '../requests/readBody.ts';
import { RETRY_SECONDS } from '../runtime/sessions.ts';

const SERVER: ServerMetadata = {
  name: 'latentedge',
  version,
  // `model_repository` would also promise loading and unloading.
  extensions: ['binary_tensor_data', 'model_configuration', 'statistics'],
};

/** Paths of a model: for the version in production, and for a given version. */
const under = (path: string) => [`/v2/models/:model${path}`, `/v2/models/:model/versions/:version${path}`];

// Without types of its paths: the typed client is for our own API, whose errors have another form.
export const protocol: Hono<AppEnvironment> = new Hono<AppEnvironment>()
  .get('/v2', (c) => c.json(SERVER))
  .get('/v2/health/live', (c) => c.json({ live: true } satisfies ServerLive))
  .get('/v2/health/ready', async (c) => {
    const { models } = c.var;
    const isReady = (manifest: Manifest) =>
      graphEntries(manifest.graphs).some(([graph]) => models.faultOf(manifest, graph) === undefined);
    if (!(await models.list()).some(isReady))
      throw new ProblemError(
        'model-unavailable',
        { detail: 'There is no model to serve at the moment.' },
        { headers: { 'Retry-After': String(RETRY_SECONDS) } },
      );
    return c.json({ ready: true } satisfies ServerReady);
  })
  .post('/v2/repository/index', async (c) => {
    const bytes = await readBody(c.req.raw, c.var);
    const { ready = false } = bytes.length > 0 ? parseBody(nullable(RepositoryIndexRequest), bytes) : {};
    return c.json(await repositoryIndex(c.var.models, ready));
  })
  .get('/v2/models/stats', async (c) => c.json(await statistics(c.var.models, c.var.inferences, undefined)))
  .on('GET', under(''), async (c) => c.json(await modelMetadata(c.var.models, await servedBy(c))))
  .on('GET', under('/ready'), async (c) => {
    const { name, manifest, graph } = await servedBy(c);
    await c.var.models.load(manifest, graph);
    return c.json({ name, ready: true } satisfies ModelReady);
  })
  .on('GET', under('/config'), async (c) => c.json(modelConfig(await servedBy(c), c.var.limits)))
  .on('GET', under('/stats'), async (c) =>
    c.json(await statistics(c.var.models, c.var.inferences, addressOf(c))),
  )
  .on('POST', under('/infer'), (c) => infer(c, addressOf(c)));

function addressOf(c: Context<AppEnvironment>): GraphAddress {
  return { name: c.req.param('model')!, version: c.req.param('version') };
}

async function servedBy(c: Context<AppEnvironment>): Promise<ServedGraph> {
  const served = await findServed(c.var.models, addressOf(c));
  c.header('X-Model-Version', served.manifest.version);
  return served;
}
