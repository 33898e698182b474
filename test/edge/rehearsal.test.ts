/** The rehearsal of a Worker that starts, which spares the first request of an isolate the compilation. */
import { describe, expect, it } from 'vitest';
import { createModels } from '../../edge/library.ts';
import { rehearse } from '../../edge/rehearsal.ts';
import { CODE_SIZE, FEATURES, linearArtifact } from '../support/artifacts/linearArtifact.ts';
import { API_KEYS, KEYS } from '../support/edge/apiKeys.ts';
import { capturedLogs } from '../support/edge/edgeApp.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { metricsOf } from '../support/edge/prometheus.ts';
import { recordedSession } from '../support/edge/recordedSession.ts';

const { manifest } = linearArtifact();
const notLoaded = () => Promise.reject(new Error('only frozen graphs are run here'));

/** Models on a runtime that remembers what it was asked to run. */
function recorded(run: (rows: number) => Float32Array<ArrayBuffer>, isFrozen = true) {
  const { session, runs } = recordedSession(run);
  const models = createModels({
    bundled: { manifests: [manifest], graph: notLoaded },
    runtime: { ...(isFrozen && { frozen: () => session }), open: notLoaded },
    keepAlive: () => undefined,
  });
  return { models, runs };
}

describe('the rehearsal', () => {
  it('asks each frozen model once for a row as float32 bytes, and once for a likely one as JSON', async () => {
    const { models, runs } = recorded((rows) => new Float32Array(rows * CODE_SIZE));
    const logs = capturedLogs();
    await rehearse(models);
    const rows = (values: Iterable<number>) => ({
      rows: { dtype: 'float32', shape: [1, FEATURES], data: Float32Array.from(values) },
    });
    const { mean } = manifest.features.statistics;
    expect(runs).toEqual([rows(new Float32Array(FEATURES)), rows(mean.map((each) => each ?? 0))]);
    expect(logs).toEqual([]);
  });

  it('asks no model that is loaded when it is first needed', async () => {
    const { models, runs } = recorded((rows) => new Float32Array(rows * CODE_SIZE), false);
    await rehearse(models);
    expect(runs).toEqual([]);
  });

  it.each([
    ['after it', (rows: number) => new Float32Array(rows * CODE_SIZE)],
    [
      'after a run that fails',
      () => {
        throw new Error('out of order');
      },
    ],
  ])('leaves timers and answers as they were %s', async (_, run) => {
    const { Response, setTimeout } = globalThis;
    const { models } = recorded(run);
    capturedLogs();
    await rehearse(models);
    expect(globalThis.Response).toBe(Response);
    expect(globalThis.setTimeout).toBe(setTimeout);
    expect(await new globalThis.Response('whole').text()).toBe('whole');
  });
});

describe('a Worker that has rehearsed', () => {
  const worker = edgeWorker({ API_KEYS });
  it('reports nothing of it', async () => {
    // One model fails whatever it is asked.
    expect(worker.logs.filter((line) => !line.includes('Gemm: Invalid bias shape'))).toEqual([]);
    const { samples } = metricsOf(
      await (await worker.request('/metrics', { headers: { 'X-API-Key': KEYS.admin } })).text(),
    );
    expect([...samples].filter(([name]) => name.includes('requests_total'))).toEqual([]);
  });
});
