/** The Open Inference Protocol, version 2, at `/v2`. */
import { Hono } from 'hono';
import { version } from '../../package.json';
import type { ServerLive, ServerMetadata, ServerReady } from '../../shared/protocol.ts';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';

const SERVER: ServerMetadata = {
  name: 'latentedge',
  version,
  // `model_repository` would also promise loading and unloading.
  extensions: ['binary_tensor_data'],
};

/** Paths of a model: for the version in production, and for a given version. */
const under = (path: string) => [`/v2/models/:model${path}`, `/v2/models/:model/versions/:version${path}`];

const handlers = () => import('../protocol/handlers.ts');

// Without types of its paths: the typed client is for our own API, whose errors have another form.
export const protocol: Hono<AppEnvironment> = new Hono<AppEnvironment>()
  .get('/v2', (c) => c.json(SERVER))
  .get('/v2/health/live', (c) => c.json({ live: true } satisfies ServerLive))
  .get('/v2/health/ready', async (c) => {
    const { length } = await c.var.models.list();
    if (length === 0)
      throw new ProblemError('model-unavailable', { detail: 'There is no model to serve at the moment.' });
    return c.json({ ready: true } satisfies ServerReady);
  })
  .post('/v2/repository/index', async (c) => (await handlers()).index(c))
  .on('GET', under(''), async (c) => (await handlers()).metadata(c))
  .on('GET', under('/ready'), async (c) => (await handlers()).ready(c))
  .on('POST', under('/infer'), async (c) => (await handlers()).inference(c));
