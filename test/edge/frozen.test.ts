import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { expectProblem, type StartedWorker, startEdgeWorker } from '../support/edgeWorker.ts';
import { expectedCodes } from '../support/linearArtifact.ts';
import { exampleRows } from '../support/operationCases.ts';

const one = exampleRows(1, 6);
const two = exampleRows(2, 6);
const EVEN = '/v1/models/even/encode';

describe('frozen without having seen what throws', () => {
  let worker: StartedWorker;
  beforeAll(async () => {
    worker = await startEdgeWorker(inject('poorBuild'));
  });
  afterAll(() => worker.dispose());
  const codes = async (rows: number[][]) => {
    const response = await worker.post('/v1/models/linear/encode', { rows });
    expect(response.status).toBe(200);
    return ((await response.json()) as { codes: number[][] }).codes;
  };

  test('a trap is a problem that is logged with model and shape, and the next request is answered', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      await expectProblem(await worker.post(EVEN, { rows: one }), 'runtime-trapped');
      expect(await (await worker.post(EVEN, { rows: two })).json()).toMatchObject({ codes: two });
      expect(await codes(one)).toEqual(expectedCodes(one));
    }
    await expect.poll(() => worker.logs.join('\n')).toMatch(/even@[0-9a-f]{12}\/encoder with rows \[1, 6\]/);
  });

  test('requests beside one that traps get their own answers', async () => {
    const requests = Array.from({ length: 60 }, async (_, seed) => {
      if (seed % 6 === 0) return expectProblem(await worker.post(EVEN, { rows: one }), 'runtime-trapped');
      const rows = exampleRows(2 + 2 * (seed % 2), 6, seed);
      expect(await codes(rows)).toEqual(expectedCodes(rows));
    });
    await Promise.all(requests);
  });

  test('a model that was not bundled cannot be loaded, and the log says what to do', async () => {
    expect((await worker.post('/v1/models/other/encode', { rows: one })).status).toBe(404);
  });
});
