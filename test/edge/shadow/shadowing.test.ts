/** What an isolate holds and does for shadows: bounded, and never while requests are being answered. */
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createInFlight, enter } from '../../../edge/inFlight.ts';
import { encode } from '../../../edge/operations/encode.ts';
import { readSettings } from '../../../edge/settings.ts';
import type { RowAnswer } from '../../../edge/shadow/compared.ts';
import { type CopiedRequest, createShadowing } from '../../../edge/shadow/shadowing.ts';
import { createShadows, type ShadowSeries } from '../../../edge/telemetry/shadows.ts';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { storedArtifact } from '../../support/artifacts/storedArtifact.ts';
import { capturedLogs } from '../../support/edge/edgeApp.ts';
import { testModels } from '../../support/edge/storedModels.ts';

const { limits } = readSettings({});
const [first, second] = [1, 2].map((scale) => storedArtifact({ name: 'digits', scale })) as [
  ReturnType<typeof storedArtifact>,
  ReturnType<typeof storedArtifact>,
];

/** The copies of an isolate whose model has a shadow; `settled` waits until none is left. */
async function shadowedModel() {
  const { models, bucket } = testModels({ artifacts: [first, second], timeoutMs: 5000 });
  for (const artifact of [first, second]) await publishArtifact(bucket, artifact);
  const shadow = { version: second.manifest.version, percentage: 100 };
  await writeAliases(bucket, 'digits', { production: first.manifest.version, shadow });
  const manifest = await models.find('digits');
  const [work, shadows, inFlight] = [[] as Promise<unknown>[], createShadows(), createInFlight()];
  const keepAlive = (promise: Promise<unknown>) => work.push(promise);
  const shadowing = createShadowing({ models, shadows, inFlight, keepAlive });
  const copy = (ask: CopiedRequest['ask'], graphs: CopiedRequest['graphs'] = ['encoder']) =>
    shadowing.copy({ requestId: crypto.randomUUID(), operation: 'encode', manifest }, () => ({
      graphs,
      compared: encode.compared,
      ask,
    }));
  return { copy, shadowing, manifest, inFlight, shadows, work, settled: () => Promise.all(work) };
}

const answer: CopiedRequest['ask'] = async ({ version }): Promise<readonly RowAnswer[]> => [
  { code: [version === first.manifest.version ? 1 : 4] },
];

let logs: string[];
beforeEach(() => {
  logs = capturedLogs();
  const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  onTestFinished(() => info.mockRestore());
});

test('nothing is asked before the answer is on its way', async () => {
  const { copy, shadows, settled } = await shadowedModel();
  // What the first copy loads would take a while anyway.
  copy(answer);
  await settled();
  let isAsked = false;
  copy((manifest) => {
    isAsked = true;
    return answer(manifest);
  });
  // All that a handler awaits without input or output.
  for (let i = 0; i < 1000; i++) await Promise.resolve();
  expect(isAsked).toBe(false);
  await settled();
  expect(shadows.series()).toMatchObject([
    { requests: 2, errors: 0, dropped: 0, difference: { rows: 2, values: 2, sum: 6, largest: 3 } },
  ]);
});

test('copies are dropped and counted while rows of requests wait', async () => {
  const { copy, inFlight, shadows, settled } = await shadowedModel();
  const leave = enter(inFlight, 5, limits, true);
  copy(answer);
  await settled();
  expect(shadows.series()).toMatchObject([{ requests: 0, errors: 0, dropped: 1 }]);
  leave();
  copy(answer);
  await settled();
  expect(shadows.series()).toMatchObject([{ requests: 1, errors: 0, dropped: 1 }]);
});

test('an isolate runs one copy at a time, and holds eight', async () => {
  const { copy, shadows, work, settled } = await shadowedModel();
  let [running, most] = [0, 0];
  for (let i = 0; i < 20; i++)
    copy(async (manifest) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      return answer(manifest);
    });
  expect(work).toHaveLength(8);
  await settled();
  expect(most).toBe(1);
  const [{ requests, errors, dropped }] = shadows.series() as [ShadowSeries];
  expect([errors, requests + dropped]).toEqual([0, 20]);
  // A copy has 100 ms to get its turn, and each takes 40 of them.
  expect(requests).toBeGreaterThan(0);
  expect(requests).toBeLessThan(6);
});

test('a request that is too large to be copied is dropped', async () => {
  const { shadowing, manifest, shadows, work } = await shadowedModel();
  shadowing.copy({ requestId: crypto.randomUUID(), operation: 'recommend', manifest }, () => undefined);
  expect(work).toEqual([]);
  expect(shadows.series()).toMatchObject([{ operation: 'recommend', dropped: 1 }]);
});

test('a failure of production is none of the shadow', async () => {
  const { copy, shadows, settled } = await shadowedModel();
  for (let i = 0; i < 2; i++) {
    copy(async (manifest) => {
      if (manifest.version === first.manifest.version) throw new Error('the bucket is down');
      return answer(manifest);
    });
    await settled();
  }
  expect(shadows.series()).toMatchObject([{ requests: 0, errors: 0, dropped: 2 }]);
});

test('a failure of the shadow is counted, and logged once', async () => {
  const { copy, shadows, settled } = await shadowedModel();
  for (let i = 0; i < 3; i++) {
    copy(async (manifest) => {
      if (manifest.version === second.manifest.version) throw new Error('no such row');
      return answer(manifest);
    });
    await settled();
  }
  expect(shadows.series()).toMatchObject([{ requests: 0, errors: 3, dropped: 0 }]);
  expect(logs.filter((line) => line.includes('the shadow digits@'))).toHaveLength(1);
});
