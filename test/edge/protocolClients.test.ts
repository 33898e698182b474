/**
 * The bytes that stock clients have sent, sent again; what they made of our answers then must be what they
 * say now.
 */
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { Datatype } from '../../shared/protocol.ts';
import { RepositoryIndex } from '../../shared/protocolExtensions.ts';
import { expectedPerson } from '../support/artifacts/columnsArtifact.ts';
import { NEW_SCALE, NEW_VERSION, OLD_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { expectedRecommendations } from '../support/artifacts/itemsArtifact.ts';
import { expectedCodes, expectedRows } from '../support/artifacts/linearArtifact.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { readAnswer } from '../support/edge/inferMessages.ts';
import recorded from '../support/edge/protocolClients.json' with { type: 'json' };
import { sendRaw } from '../support/edge/rawBytes.ts';

const worker = edgeWorker();

interface Call {
  readonly client: string;
  readonly call: string;
  readonly request: { readonly head: string; readonly body: string };
  readonly understood: unknown;
}

interface Understood {
  readonly model_version?: string;
  readonly outputs: Readonly<Record<string, { datatype: string; shape: number[]; data: (number | null)[] }>>;
}

const calls: readonly Call[] = recorded.calls;
const NUMPY: Partial<Record<Datatype, string>> = { FP32: 'float32', INT64: 'int64', BYTES: 'object' };

test.each(calls.map((call) => [call.client, call.call, call] as const))('%s: %s', async (_, __, call) => {
  const { request, understood } = call;
  const bytes = Buffer.concat([Buffer.from(request.head, 'latin1'), Buffer.from(request.body, 'base64')]);
  const response = await sendRaw(worker.url, bytes);
  if (typeof understood === 'boolean') {
    expect(response.ok).toBe(understood);
    // KServe's client looks at the body too.
    const body: unknown = await response.json();
    expect(body).toMatchObject(understood ? {} : { error: expect.any(String) });
  } else if (hasFailed(understood)) {
    expect(response.ok).toBe(false);
    // KServe's client reads errors of exactly this type only.
    expect(response.headers.get('Content-Type')).toBe('application/json');
    const { error } = (await response.json()) as { error: string };
    expect(understood.failed).toContain(error);
    expect(understood.failed).toContain(String(response.status));
  } else if (request.head.includes('/infer ')) {
    expect(response.status).toBe(200);
    await expectUnderstood(response, understood as Understood);
  } else {
    expect(response.status).toBe(200);
    expect(described(await response.json())).toEqual(understood);
  }
});

function hasFailed(understood: unknown): understood is { failed: string } {
  return typeof understood === 'object' && understood !== null && 'failed' in understood;
}

async function expectUnderstood(response: Response, understood: Understood): Promise<void> {
  const { json, outputs } = await readAnswer(response);
  const read = outputs.map(({ name, datatype, shape, data }) => {
    // JSON has no NaN.
    const values = data.map((value) => (Number.isNaN(value) ? null : value));
    return [name, { datatype: NUMPY[datatype], shape, data: values }];
  });
  const { outputs: _, ...members } = json;
  // KServe's client does not keep the version.
  expect({ ...members, outputs: Object.fromEntries(read) }).toEqual({
    model_version: json.model_version,
    ...understood,
  });
  expect(response.headers.get('X-Model-Version')).toBe(json.model_version);
}

/** What may have changed since: how the project's version is called, and what other models there are. */
function described(body: unknown): unknown {
  const index = RepositoryIndex.safeParse(body);
  if (index.success) return index.data.filter(({ name }) => name.startsWith('linear'));
  const isServer = typeof body === 'object' && body !== null && 'extensions' in body;
  if (!isServer) return body;
  expect(body).toHaveProperty('version', packageJson.version);
  return { ...body, version: (call('get_server_metadata').understood as { version: string }).version };
}

function call(name: string, client = 'tritonclient'): Call {
  return calls.find((each) => each.client === client && each.call === name)!;
}

describe('what clients understood is right', () => {
  const rows = [
    [1, 2, 3, 4, 5, 6],
    [0.5, -1, 0.25, 8, -2, 1],
  ];
  const answered = (name: string, output: string, client?: string) =>
    (call(name, client).understood as Understood).outputs[output]!.data;

  test('codes', () => {
    for (const client of ['tritonclient', 'tritonclient aio', 'kserve'])
      expect(answered('infer', 'code', client)).toEqual(expectedCodes(rows, NEW_SCALE).flat());
    const versioned = call('infer with an id and a version').understood as Understood;
    expect(versioned.model_version).toBe(OLD_VERSION);
    expect(versioned.outputs.code!.data).toEqual(expectedCodes(rows).flat());
    expect(call('infer').understood).toHaveProperty('model_version', NEW_VERSION);
  });

  test('reconstructions', () => {
    const expected = expectedRows(expectedCodes(rows, NEW_SCALE)).flat();
    expect(answered('infer of every output', 'reconstruction')).toEqual(expected);
  });

  test('text and missing values', () => {
    const people = [
      { age: null, city: 'Rome', height: 1.5, member: true },
      { age: 30, city: null, height: 2, member: false },
    ];
    for (const client of ['tritonclient', 'kserve'])
      expect(answered('infer of BYTES', 'code', client)).toEqual(people.flatMap(expectedPerson));
  });

  test('item numbers', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const expected = [['b', 'd'], ['e']].flatMap((had) =>
      expectedRecommendations(had, 2).map(({ item }) => ids.indexOf(item)),
    );
    expect(answered('infer of INT64', 'recommended')).toEqual(expected);
  });
});
