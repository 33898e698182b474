/** The Open Inference Protocol, version 2, at `/v2`. */
import { Hono } from 'hono';
import { version } from '../../package.json';
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import type { ServerLive, ServerMetadata, ServerReady } from '../../shared/protocol.ts';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { RETRY_SECONDS } from '../runtime/sessions.ts';

const SERVER: ServerMetadata = {
  name: 'latentedge',
  version,
  // `model_repository` would also promise loading and unloading.
  extensions: ['binary_tensor_data', 'model_configuration', 'statistics'],
};

/** Paths of a model: for the version in production, and for a given version. */
const under = (path: string) => [`/v2/models/:model${path}`, `/v2/models/:model/versions/:version${path}`];

const handlers = () => import('../protocol/handlers.ts');

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
  .post('/v2/repository/index', async (c) => (await handlers()).index(c))
  .get('/v2/models/stats', async (c) => (await handlers()).allStatistics(c))
  .on('GET', under(''), async (c) => (await handlers()).metadata(c))
  .on('GET', under('/ready'), async (c) => (await handlers()).ready(c))
  .on('GET', under('/config'), async (c) => (await handlers()).config(c))
  .on('GET', under('/stats'), async (c) => (await handlers()).modelStatistics(c))
  .on('POST', under('/infer'), async (c) => (await handlers()).inference(c));
