/** Shadows of requests that come from another Worker, by an open model, or from an agent. */
import { expect, test } from 'vitest';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { AdminStats } from '../../../shared/adminApi.ts';
import { expectedCodes } from '../../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../../support/artifacts/storedArtifact.ts';
import { API_KEYS, withKey } from '../../support/edge/apiKeys.ts';
import { edgeWorker } from '../../support/edge/edgeWorker.ts';
import { embeddedWorkers } from '../../support/edge/embeddedWorkers.ts';
import { jsonOf, mcpClient } from '../../support/edge/mcpClient.ts';
import { exampleRows } from '../../support/edge/operationCases.ts';

const embedded = embeddedWorkers();
const agents = edgeWorker({ MCP: 'on', API_KEYS });
const SCALES = [1, 2] as const;
const rows = exampleRows(3, 6);
const [CODES, SHADOW_CODES] = [expectedCodes(rows, SCALES[0]).flat(), expectedCodes(rows, SCALES[1]).flat()];
const LARGEST = Math.max(...CODES.map((value, i) => Math.abs(value - SHADOW_CODES[i]!)));

/** Publishes two versions of a model, the first in production and the second its shadow. */
async function shadowed(
  worker: Pick<typeof agents | typeof embedded, 'bucket'>,
  name: string,
): Promise<{ production: string; shadow: string }> {
  const bucket = await worker.bucket();
  const artifacts = SCALES.map((scale) => storedArtifact({ name, scale }));
  for (const artifact of artifacts) await publishArtifact(bucket, artifact);
  const [production, shadow] = artifacts.map(({ manifest }) => manifest.version) as [string, string];
  await writeAliases(bucket, name, { production, shadow: { version: shadow, percentage: 100 } });
  return { production, shadow };
}

async function shadowsIn(stats: Response, name: string) {
  const { shadows } = AdminStats.parse(await stats.json());
  return shadows.filter((each) => each.name === name);
}

const compared = (versions: object) => [
  {
    ...{ ...versions, operation: 'encode', requests: 1, rows: 3, errors: 0, dropped: 0 },
    values: { count: 6, largestDifference: expect.closeTo(LARGEST, 5) },
  },
];

test.each([
  ['call', false],
  ['call', true],
  ['rpc', false],
  ['rpc', true],
] as const)('%s, with float32 values: %s', async (door, floats) => {
  const name = `${door}-${floats}`;
  const versions = await shadowed(embedded, name);
  const answer = await embedded.call(door, { name: 'encode', model: name, input: rows, floats });
  const codes = expectedCodes(rows);
  expect(answer).toMatchObject(floats ? { floats: codes.flat() } : { list: codes });
  const stats = () => embedded.request('/tenants/a/ml/admin/stats', { headers: { 'X-User': 'root' } });
  await expect.poll(async () => shadowsIn(await stats(), name)).toMatchObject(compared(versions));
});

test('a tool of the Model Context Protocol', async () => {
  const versions = await shadowed(agents, 'tool');
  const client = await mcpClient(agents.url, 'current', withKey('infer'));
  const answer = jsonOf(await client.callTool({ name: 'tool_encode', arguments: { rows } }));
  expect(answer).toMatchObject({ version: versions.production, codes: expectedCodes(rows) });
  const stats = () => agents.request('/admin/stats', { headers: withKey('admin') });
  await expect.poll(async () => shadowsIn(await stats(), 'tool')).toMatchObject(compared(versions));
});
