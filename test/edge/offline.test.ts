/** Rows of a file are answered as the Worker answers them. */
import { expect, it } from 'vitest';
import { OPERATIONS } from '../../edge/operations/registry.ts';
import type { Operation } from '../../edge/requests/operation.ts';
import { offlineModel } from '../../scripts/scoring/offline.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { edgeArtifacts, NEW_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { FEATURES } from '../support/artifacts/linearArtifact.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const worker = edgeWorker();
const artifacts = edgeArtifacts();
const artifactOf = (name: string) => artifacts.findLast(({ manifest }) => manifest.name === name)!;

const TABLE = [
  [30, 'Rome', 1.5, true],
  [null, null, 2, false],
  [41, 'Oslo', 1.25, true],
];

async function answered(model: string, operation: string, rows: unknown) {
  const response = await worker.post(`/v1/models/${model}/${operation}`, { rows });
  expect(response.status).toBe(200);
  const {
    model: _,
    version: __,
    problems: ___,
    ...body
  } = (await response.json()) as Record<string, unknown>;
  return body;
}

const linear = artifactOf('linear');
const offered = (Object.entries(OPERATIONS) as [OperationName, Operation][]).flatMap(([name, operation]) =>
  operation.kind === 'rows' && operation.takes === 'rows' && linear.manifest.operations.includes(name)
    ? [[name, operation] as const]
    : [],
);

it.each(offered)('%s answers as over HTTP', async (name, operation) => {
  expect(linear.manifest.version).toBe(NEW_VERSION);
  const rows = exampleRows(5, FEATURES);
  const model = offlineModel(linear, operation, {});
  const { body, problems } = await model.answer(rows, 0);
  await model.release();
  expect(problems.size).toBe(0);
  // Results are small binary fractions, which no runtime rounds.
  expect(JSON.parse(JSON.stringify(body))).toEqual(await answered('linear', name, rows));
});

it('takes tables with text, and leaves out what cannot be answered', async () => {
  const artifact = artifactOf('columns');
  const model = offlineModel(artifact, OPERATIONS.encode as never, {});
  const { body, unseen } = await model.answer(TABLE, 0);
  expect(unseen).toEqual([{ row: 2, feature: 'city', value: 'Oslo' }]);
  expect({ ...body, unseen }).toEqual(await answered('columns', 'encode', TABLE));
  const bad = [TABLE[0]!, [30, 'Rome', null, true], TABLE[2]!];
  const { body: partial, problems } = await model.answer(bad, 100);
  expect((partial.codes as unknown[])[1]).toBeNull();
  expect((partial.codes as unknown[])[2]).toEqual((body.codes as unknown[])[2]);
  expect([...problems.keys()]).toEqual([1]);
  expect(problems.get(1)).toMatch(/row 101.*height/);
  const none = await model.answer([bad[1]!], 7);
  expect([none.body, none.problems.get(0)]).toEqual([{}, expect.stringContaining('row 7')]);
  await model.release();
});
