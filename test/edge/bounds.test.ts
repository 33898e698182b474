/** Everything that comes from outside has a bound, whatever size it declares or has. */
import { describe, expect, test } from 'vitest';
import { bucketModels } from '../../edge/models/bucketModels.ts';
import { InferRequest } from '../../shared/protocol.ts';
import { FEATURES } from '../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../support/artifacts/storedArtifact.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';
import { binaryRequest } from '../support/edge/inferMessages.ts';
import { memoryBucket } from '../support/edge/memoryBucket.ts';

const MIB = 1024 * 1024;
const ENCODE = '/v1/models/linear/encode';
const worker = edgeWorker();
const { manifest } = storedArtifact({ name: 'stored' });
const { name, version } = manifest;

describe('a bucket', () => {
  const bucket = memoryBucket();
  const source = bucketModels(bucket, { timeoutMs: 5000, maxGraphBytes: MIB });
  const objects = `[${new Array(250_000).fill('{}').join()}]`;
  const names = (count: number) => `{${Array.from({ length: count }, (_, i) => `"name ${i}":1`).join()}}`;

  test.each([
    ['that are too large', '{}'.padEnd(64 * 1024 + 1), 'expected up to 65536 bytes, received 65537'],
    ['that nest too deep', '['.repeat(1000), 'nests deeper than 16 levels'],
    ['with other members', names(1000), 'Unrecognized keys'],
  ])('with aliases %s', async (_, text, reason) => {
    await bucket.put('stored/aliases.json', text);
    const error = await source.aliases('stored').catch((each: Error) => each);
    expect(error).toMatchObject({ message: expect.stringContaining(reason) });
    expect((error as Error).message.length).toBeLessThan(400);
  });

  test.each([
    ['that is too large', (json: string) => json.padEnd(4 * MIB + 1), 'expected up to 4194304 bytes'],
    [
      'of too many objects',
      (json: string) => json.replace('{}', objects),
      'more than 250000 arrays and objects',
    ],
    ['of too many names', (json: string) => json.replace('{}', names(150_000)), 'different names of members'],
    [
      'that nests too deep',
      (json: string) => json.replace('{}', '['.repeat(20)),
      'nests deeper than 16 levels',
    ],
  ])('with a manifest %s', async (_, change, reason) => {
    await bucket.put(`stored/${version}/manifest.json`, change(JSON.stringify(manifest)));
    await expect(source.manifest('stored', version)).rejects.toThrow(reason);
  });

  test('with a graph that is larger than its manifest says', async () => {
    const { file, bytes } = manifest.graphs.encoder;
    await bucket.put(`${name}/${version}/${file}`, new Uint8Array(bytes + 1));
    await expect(source.graph(manifest, 'encoder')).rejects.toThrow(`expected up to ${bytes} bytes`);
  });
});

describe('JSON', () => {
  const milliseconds = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  test('of very many names, or a very long one, is one short problem, soon', async () => {
    const many = Array.from({ length: 600_000 }, (_, i) => `"${i}":1`).join();
    const bodies = [
      `{"rows":[{${many}}]}`,
      `{${many}}`,
      `{"rows":[{"${'x'.repeat(7 * MIB)}":1}]}`,
      `{"${'x'.repeat(7 * MIB)}":1}`,
    ];
    for (const body of bodies) {
      const time = await milliseconds(async () => {
        const response = await worker.post(ENCODE, body);
        expect(response.status).toBe(422);
        expect((await response.text()).length).toBeLessThan(1000);
      });
      expect(time).toBeLessThan(3000);
    }
  });

  test('of the same names in every row is answered', async () => {
    const row = Object.fromEntries([...'abcdef'].map((feature) => [feature, 0.123456789]));
    const response = await worker.post(ENCODE, { rows: new Array(40_000).fill(row) });
    expect(((await response.json()) as { codes: unknown[] }).codes).toHaveLength(40_000);
  });
});

describe('the inference protocol', () => {
  const infer = (input: object) => worker.post('/v2/models/linear/infer', { inputs: [input] });
  const input = { name: 'rows', datatype: 'FP32' };

  test.each([
    ['a huge number of rows', [2 ** 40, FEATURES]],
    ['sizes whose product is infinite', new Array(16).fill(Number.MAX_SAFE_INTEGER)],
    ['a rank that is too high', new Array(17).fill(1)],
    ['a very high rank', new Array(500_000).fill(1)],
    ['a size that is no integer', [1.5, FEATURES]],
    ['a negative size', [-1, FEATURES]],
  ])('refuses %s, declared for little data', async (_, shape) => {
    for (const response of [
      await infer({ ...input, shape, data: [1] }),
      await worker.request(
        '/v2/models/linear/infer',
        binaryRequest({ inputs: [{ ...input, shape, parameters: { binary_data_size: 4 } }] }, [
          new Uint8Array(4),
        ]),
      ),
    ]) {
      expect([400, 413]).toContain(response.status);
      expect((await response.text()).length).toBeLessThan(1000);
    }
  });

  test.each([
    ['sizes', { inputs: [{ ...input, shape: [1, FEATURES], parameters: { binary_data_size: 2 ** 50 } }] }],
    ['inputs', { inputs: new Array(20_000).fill({ ...input, shape: [1, 1], data: [] }) }],
    ['outputs', { inputs: [], outputs: new Array(20_000).fill({ name: 'code' }) }],
    [
      'an id',
      {
        id: 'x'.repeat(1001),
        inputs: [{ ...input, shape: [1, FEATURES], data: new Array(FEATURES).fill(0) }],
      },
    ],
  ])('refuses %s beyond their bounds', async (_, body) => {
    const response = await worker.post('/v2/models/linear/infer', body);
    expect(response.status).toBe(400);
    expect((await response.text()).length).toBeLessThan(1000);
  });

  test('takes an id of the length that tracing makes', () => {
    expect(InferRequest.parse({ id: 'x'.repeat(1000), inputs: [] }).id).toHaveLength(1000);
  });
});

test('integers that JSON has rounded are refused, not taken for others', async () => {
  const response = await worker.post('/v1/models/items/recommend', '{"items": [1285704473650888702]}');
  expect((await expectProblem(response, 'invalid-body')).detail).toContain('items');
});

test('a name in a path that is as long as a path may be is one short problem', async () => {
  const problem = await expectProblem(
    await worker.post(`/v1/models/${'x'.repeat(8000)}/encode`, { rows: [] }),
    'unknown-model',
  );
  expect(JSON.stringify(problem).length).toBeLessThan(2000);
});
