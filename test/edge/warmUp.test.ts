/** The first run of an isolate, which takes longer than others: no request should have to wait for it. */
import { expect, test } from 'vitest';
import { createModels, latentedge } from '../../edge/library.ts';
import { CODE_SIZE, FEATURES, linearArtifact } from '../support/artifacts/linearArtifact.ts';
import { executionContext } from '../support/edge/edgeApp.ts';
import { BINARY_TYPE } from '../support/edge/edgeWorker.ts';
import { recordedSession } from '../support/edge/recordedSession.ts';

const { manifest } = linearArtifact();
const notLoaded = () => Promise.reject(new Error('only frozen graphs are run here'));

/** An app on a runtime that remembers what it was asked to run. `answered` settles all that the context waits for. */
function served(run: (rows: number) => Float32Array<ArrayBuffer>) {
  const { session, runs } = recordedSession(run);
  /** Names of the models whose aliases the bucket, which is empty, was asked for. */
  const asked: string[] = [];
  const stored = {
    names: async () => [],
    aliases: async (name: string) => {
      asked.push(name);
      return undefined;
    },
    manifest: async () => undefined,
    graph: notLoaded,
  };
  const models = createModels({
    bundled: { manifests: [manifest], graph: notLoaded },
    stored,
    runtime: { frozen: () => session, open: notLoaded },
    keepAlive: () => undefined,
    log: 'problems',
  });
  const app = latentedge({ models, open: 'true' });
  const { context, waitedFor } = executionContext();
  return {
    runs,
    asked,
    answered: async (path: string, init?: RequestInit) => {
      const response = await app.fetch(new Request(`https://example.com${path}`, init), {}, context as never);
      const runsBefore = runs.length;
      await Promise.all(waitedFor);
      return { status: response.status, runsBefore };
    },
  };
}

const encode = [
  '/v1/models/linear/encode',
  { method: 'POST', headers: { 'Content-Type': BINARY_TYPE }, body: new Float32Array(FEATURES) },
] as const;

test('a graph runs once on a row of zeros after the first answer of any kind, and never again', async () => {
  const { runs, answered } = served((rows) => new Float32Array(rows * CODE_SIZE));
  expect(await answered('/health')).toEqual({ status: 200, runsBefore: 0 });
  expect(runs).toEqual([
    { rows: { dtype: 'float32', shape: [1, FEATURES], data: new Float32Array(FEATURES) } },
  ]);
  await answered('/health');
  expect(runs).toHaveLength(1);
  expect(await answered(...encode)).toEqual({ status: 200, runsBefore: 2 });
  expect(runs).toHaveLength(2);
});

test('nothing more runs after a first request that runs a graph itself', async () => {
  const { runs, answered } = served((rows) => new Float32Array(rows * CODE_SIZE));
  expect(await answered(...encode)).toEqual({ status: 200, runsBefore: 1 });
  expect(runs).toHaveLength(1);
});

test('a graph that fails then does not concern the request before it', async () => {
  const { answered } = served(() => {
    throw new Error('out of order');
  });
  expect(await answered('/health')).toEqual({ status: 200, runsBefore: 0 });
});

test('aliases of bundled models are read after the first answer, so that no request waits for them', async () => {
  const { asked, answered } = served((rows) => new Float32Array(rows * CODE_SIZE));
  await answered('/health');
  expect(asked).toEqual([manifest.name]);
  await answered(...encode);
  expect(asked).toEqual([manifest.name]);
});
