/** A Worker that somebody has already: a Hono app with routes and middleware of its own, in which models are served. */
import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { type LatentedgeService, latentedge, rehearse } from 'latentedge/edge';
import { type WorkerModelsOptions, workerModels } from 'latentedge/edge/bundled';
import { rpcEntrypoint } from 'latentedge/edge/rpc';
import { answerOf, type SentCall } from './answer.ts';

interface AppEnv {
  Bindings: { LATENTEDGE?: LatentedgeService };
  Variables: { record: string; user?: string };
}

await rehearse(workerModels());

const models = workerModels({
  bucket: env.MODELS as WorkerModelsOptions['bucket'],
  ttlMs: 40,
  limits: { maxRows: 64, maxStreamedRows: 1000 },
});

export const LatentedgeEntrypoint = rpcEntrypoint(models);

const app = new Hono<AppEnv>();
app.onError((error, c) => c.text(`own error: ${error.message}`, 500));
app.notFound((c) => c.text('own not found', 404));
app.use(async (c, next) => {
  // The API has a variable of this name, too.
  c.set('record', 'own');
  await next();
  c.header('X-Record', c.get('record'));
});
app.use('/ml/*', cors({ origin: 'https://own.example' }));
app.use('/read/*', async (c, next) => {
  await c.req.text();
  await next();
});
app.get('/own', (c) => c.text('own'));
app.get('/throws', () => {
  throw new Error('own');
});
app.route('/ml', latentedge({ models, auth: 'none' }));
app.route('/read', latentedge({ models, auth: 'none', mcp: true }));
app.route(
  '/tenants/:tenant/ml',
  latentedge<AppEnv>({
    models,
    auth: (c) => {
      const user = c.req.header('X-User');
      if (user === 'root') return { name: 'root', scopes: ['infer', 'admin'] };
      return user === undefined ? null : { name: 'user' };
    },
  }),
);
app.route('/keys', latentedge({ models, open: 'false' }));

app.post('/call', async (c) => {
  const { name, model, input, ...sent } = await c.req.json<SentCall>();
  return answerOf(input, sent, async (...args) => {
    const opened = await models.open(model);
    return Reflect.apply(opened[name], opened, args);
  });
});
app.post('/rpc', async (c) => {
  const { name, model, input, ...sent } = await c.req.json<SentCall>();
  const service = c.env.LATENTEDGE!;
  return answerOf(input, sent, (...args) => Reflect.apply(service[name], service, [model, ...args]));
});

export default app;
