/** Handlers of the requests of the protocol. They are loaded by the first of these, not when the Worker starts. */
import type { Context } from 'hono';
import type { ModelReady } from '../../shared/protocol.ts';
import { RepositoryIndexRequest } from '../../shared/protocolExtensions.ts';
import type { AppEnvironment } from '../environment.ts';
import { parseBody } from '../requests/parseBody.ts';
import { readBody } from '../requests/readBody.ts';
import { nullable } from './absent.ts';
import { modelConfig } from './config.ts';
import { infer } from './infer.ts';
import { modelMetadata, repositoryIndex } from './metadata.ts';
import { findServed, type GraphAddress, graphsOf, type ServedGraph } from './served.ts';
import { statistics } from './statistics.ts';

type Handler = (c: Context<AppEnvironment>) => Promise<Response>;

export const index: Handler = async (c) => {
  const bytes = await readBody(c.req.raw, c.var);
  const { ready = false } = bytes.length > 0 ? parseBody(nullable(RepositoryIndexRequest), bytes) : {};
  return c.json(await repositoryIndex(c.var.models, ready));
};

export const allStatistics: Handler = async (c) =>
  c.json(await statistics(c.var.models, c.var.inferences, undefined));

export const metadata: Handler = async (c) => c.json(await modelMetadata(c.var.models, await servedBy(c)));

export const ready: Handler = async (c) => {
  const served = await servedBy(c);
  const { name, manifest } = served;
  for (const graph of graphsOf(served)) await c.var.models.load(manifest, graph);
  return c.json({ name, ready: true } satisfies ModelReady);
};

export const config: Handler = async (c) => c.json(modelConfig(await servedBy(c), c.var.limits));

export const modelStatistics: Handler = async (c) =>
  c.json(await statistics(c.var.models, c.var.inferences, addressOf(c)));

export const inference: Handler = (c) => infer(c, addressOf(c));

function addressOf(c: Context<AppEnvironment>): GraphAddress {
  return { name: c.req.param('model')!, version: c.req.param('version') };
}

async function servedBy(c: Context<AppEnvironment>): Promise<ServedGraph> {
  const served = await findServed(c.var.models, addressOf(c));
  c.header('X-Model-Version', served.manifest.version);
  return served;
}
