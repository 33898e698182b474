import { describe, expect, test } from 'vitest';
import { createModels, latentedge } from '../../edge/library.ts';
import { graphEntries, TensorSpec } from '../../shared/manifest.ts';
import { ModelMetadata, ModelReady, ServerMetadata } from '../../shared/protocol.ts';
import { InferenceStatistics, ModelConfig, RepositoryIndex } from '../../shared/protocolExtensions.ts';
import { expectedPerson } from '../support/artifacts/columnsArtifact.ts';
import { expectedConditional } from '../support/artifacts/conditionalArtifact.ts';
import { edgeArtifacts, NEW_SCALE, NEW_VERSION, OLD_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { expectedSimilar } from '../support/artifacts/itemsArtifact.ts';
import { CODE_SIZE, expectedCodes, expectedRows, FEATURES } from '../support/artifacts/linearArtifact.ts';
import { capturedLogs, executionContext } from '../support/edge/edgeApp.ts';
import { BINARY_TYPE, edgeWorker, JSON_TYPE } from '../support/edge/edgeWorker.ts';
import { binaryInputs, readAnswer, type TestTensor } from '../support/edge/inferMessages.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const worker = edgeWorker();

const rows = exampleRows(3, FEATURES);
const ROWS: TestTensor = { name: 'rows', datatype: 'FP32', shape: [3, FEATURES], data: rows.flat() };
const codes = expectedCodes(rows, NEW_SCALE);
const infer = (model: string, body: object) => worker.post(`/v2/models/${model}/infer`, body);
const inferBinary = (model: string, init: RequestInit) => worker.request(`/v2/models/${model}/infer`, init);

test('the very first request, on a cold Worker, is answered', async () => {
  const response = await infer('linear', { inputs: [ROWS] });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
  expect(response.headers.get('X-Model-Version')).toBe(NEW_VERSION);
  expect(await response.json()).toEqual({
    model_name: 'linear',
    model_version: NEW_VERSION,
    outputs: [{ name: 'code', datatype: 'FP32', shape: [3, CODE_SIZE], data: codes.flat() }],
  });
});

test.each([
  ['/v2', {}],
  ['/v2/models/linear', {}],
  ['/v2/health/ready', {}],
  ['/v2/repository/index', { method: 'POST' }],
  ['/v2/models/nothing', {}],
  ['/v2/models/linear/infer', { method: 'POST', body: '{' }],
  ['/v2/nothing', {}],
])(
  '%s is not compressed, even for a client that accepts it, as tritonclient.http.aio does',
  async (path, init) => {
    const response = await worker.request(path, {
      ...init,
      headers: { 'Accept-Encoding': 'gzip, deflate, br' },
    });
    await response.arrayBuffer();
    expect(response.headers.get('Content-Encoding')).toBe('identity');
    expect(response.headers.get('Cache-Control')).toBe('no-store, no-transform');
  },
);

describe('what there is', () => {
  const served = edgeArtifacts().flatMap(({ manifest }) =>
    graphEntries(manifest.graphs).map(([graph, spec]) => ({ manifest, graph, spec })),
  );
  const references = served.flatMap(({ manifest: { name, version }, graph }) => [
    ...(graph === 'encoder' ? [`${name}@${version}`] : []),
    `${name}.${graph}@${version}`,
  ]);

  test('the server', async () => {
    const { extensions } = ServerMetadata.parse(await (await worker.request('/v2')).json());
    expect(extensions).toEqual(['binary_tensor_data', 'model_configuration', 'statistics']);
    for (const [path, body] of [['live', { live: true }], ['ready', { ready: true }]] as const) // biome-ignore format: pairs
      expect(await (await worker.request(`/v2/health/${path}`)).json()).toEqual(body);
  });

  test.each([undefined, '', '{}', '{"ready": true}', '{"ready": false, "other": 1}'])(
    'the index for %s',
    async (body) => {
      const response = await worker.request('/v2/repository/index', {
        method: 'POST',
        ...(body !== undefined && { body }),
      });
      const index = RepositoryIndex.parse(await response.json());
      expect(index.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(references.toSorted());
    },
  );

  test('every graph, as its manifest has it', async () => {
    const datatypes = { float32: 'FP32', int64: 'INT64', string: 'BYTES' };
    const tensors = (specs: readonly TensorSpec[]) =>
      specs.map(({ name, dtype, shape }) => ({
        name,
        datatype: datatypes[dtype],
        shape: shape.map((size) => (typeof size === 'string' ? -1 : size)),
      }));
    for (const { manifest, graph, spec } of served) {
      const path = `/v2/models/${manifest.name}.${graph}/versions/${manifest.version}`;
      const response = await worker.request(path);
      expect(response.headers.get('X-Model-Version')).toBe(manifest.version);
      expect(ModelMetadata.parse(await response.json())).toEqual({
        name: `${manifest.name}.${graph}`,
        versions: manifest.name === 'linear' ? [NEW_VERSION, OLD_VERSION] : [manifest.version],
        platform: 'onnxruntime_onnx',
        inputs: tensors(spec.inputs),
        outputs: tensors(spec.outputs),
      });
    }
  });

  test('a name without a graph is the encoder', async () => {
    const plain = ModelMetadata.parse(await (await worker.request('/v2/models/linear')).json());
    const encoder = ModelMetadata.parse(await (await worker.request('/v2/models/linear.encoder')).json());
    expect(plain).toEqual({ ...encoder, name: 'linear' });
  });

  test('readiness of a model, which loads it', async () => {
    for (const path of ['linear.decoder', `linear/versions/${OLD_VERSION}`]) {
      const response = await worker.request(`/v2/models/${path}/ready`);
      expect(ModelReady.parse(await response.json())).toEqual({ name: path.split('/')[0], ready: true });
    }
  });
});

describe("Triton's extensions", () => {
  const index = async (body: object): Promise<RepositoryIndex> => {
    return RepositoryIndex.parse(await (await worker.post('/v2/repository/index', body)).json());
  };

  test('the index tells graphs that do not load from those that do', async () => {
    expect((await worker.request('/v2/models/tampered/ready')).status).toBe(503);
    const states = (await index({})).filter(({ name }) => /^tampered(\.(encoder|decoder))?$/.test(name));
    expect(states).toMatchObject([
      { name: 'tampered', state: 'UNAVAILABLE', reason: 'its last load failed' },
      { name: 'tampered.encoder', state: 'UNAVAILABLE' },
      { name: 'tampered.decoder', state: 'READY', reason: '' },
    ]);
    const names = (await index({ ready: true })).map(({ name }) => name);
    expect(names).toContain('tampered.decoder');
    expect(names).not.toContain('tampered');
  });

  test('the configuration has the rows apart from the other dimensions', async () => {
    const config = async (model: string) =>
      ModelConfig.parse(await (await worker.request(`/v2/models/${model}/config`)).json());
    const common = { platform: 'onnxruntime_onnx', backend: 'onnxruntime' };
    expect(await config('linear.autoencoder')).toEqual({
      ...{ name: 'linear.autoencoder', ...common, max_batch_size: 1024 },
      input: [{ name: 'rows', data_type: 'TYPE_FP32', dims: [6] }],
      output: [
        { name: 'reconstruction', data_type: 'TYPE_FP32', dims: [6] },
        { name: 'error', data_type: 'TYPE_FP32', dims: [1], reshape: { shape: [] } },
        { name: 'feature_error', data_type: 'TYPE_FP32', dims: [6] },
      ],
      model_transaction_policy: { decoupled: false },
    });
    // The number of recommendations has no rows.
    expect(await config('items.recommend')).toMatchObject({
      max_batch_size: 0,
      input: [
        { name: 'items', data_type: 'TYPE_INT64', dims: [-1, -1] },
        { name: 'k', data_type: 'TYPE_INT64', dims: [1] },
      ],
    });
    expect((await config('columns')).input.map(({ data_type }) => data_type)).toContain('TYPE_STRING');
    expect((await worker.request('/v2/models/nothing/config')).status).toBe(404);
  });

  test('statistics count rows, runs, failures and batch sizes of a version', async () => {
    const path = `/v2/models/linear.decoder/versions/${OLD_VERSION}`;
    const stats = async (of: string) =>
      InferenceStatistics.parse(await (await worker.request(`${of}/stats`)).json()).model_stats;
    const none = { count: 0, ns: 0 };
    expect(await stats(path)).toMatchObject([
      { last_inference: 0, batch_stats: [], inference_stats: { success: none } },
    ]);
    const send = (rowCount: number, width = CODE_SIZE) => {
      const data = new Array(rowCount * width).fill(1);
      const input = { name: 'code', datatype: 'FP32', shape: [rowCount, width], data };
      return worker.post(`${path}/infer`, { inputs: [input] });
    };
    const before = Date.now();
    for (const rowCount of [3, 3, 5]) expect((await send(rowCount)).status).toBe(200);
    expect((await send(2, 7)).status).toBe(400);
    const [counted] = await stats(path);
    expect(counted).toMatchObject({
      ...{ name: 'linear.decoder', version: OLD_VERSION, inference_count: 11, execution_count: 3 },
      inference_stats: {
        ...{ success: { count: 3 }, fail: { count: 1 }, queue: { count: 3 }, cache_hit: none },
        ...{ compute_input: { count: 3 }, compute_infer: { count: 3 }, compute_output: { count: 3 } },
      },
      batch_stats: [
        { batch_size: 3, compute_infer: { count: 2 } },
        { batch_size: 5, compute_infer: { count: 1 } },
      ],
    });
    expect(counted!.last_inference).toBeGreaterThanOrEqual(before);
    const versions = (await stats('/v2/models/linear.decoder')).map(({ version }) => version);
    expect(versions).toEqual([NEW_VERSION, OLD_VERSION]);
    const all = await stats('/v2/models');
    expect(all.find(({ name, version }) => name === 'linear.decoder' && version === OLD_VERSION)).toEqual(
      counted,
    );
    expect((await worker.request('/v2/models/nothing/stats')).status).toBe(404);
  });

  test('durations of a version add up', async () => {
    const path = `/v2/models/linear.decoder/versions/${OLD_VERSION}`;
    const input = {
      name: 'code',
      datatype: 'FP32',
      shape: [1, CODE_SIZE],
      data: new Array(CODE_SIZE).fill(1),
    };
    const nanoseconds = async () => {
      expect((await worker.post(`${path}/infer`, { inputs: [input] })).status).toBe(200);
      const stats = InferenceStatistics.parse(await (await worker.request(`${path}/stats`)).json());
      return stats.model_stats[0]!.inference_stats.success.ns;
    };
    // workerd's clock moves with input and output only, by whole milliseconds: one request may take none.
    await expect.poll(nanoseconds, { interval: 0, timeout: 10_000 }).toBeGreaterThan(0);
  });

  test.each(['load', 'unload'])('models are not told to %s', async (what) => {
    const response = await worker.post(`/v2/repository/models/linear/${what}`, {});
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: expect.stringContaining('do not load or unload') });
  });
});

test('numbers that JSON does not have are taken as tritonclient writes them', async () => {
  const text = (value: string) =>
    `{"id": "NaN \\" Infinity", "inputs": [
      {"name": "age", "datatype": "FP32", "shape": [2, 1], "data": [${value}, 30]},
      {"name": "city", "datatype": "BYTES", "shape": [2, 1], "data": ["NaN", "Rome"]},
      {"name": "height", "datatype": "FP32", "shape": [2, 1], "data": [1, 2]},
      {"name": "member", "datatype": "FP32", "shape": [2, 1], "data": [1, 1]}]}`;
  const send = async (value: string) => {
    const { json, outputs } = await readAnswer(await infer('columns', text(value) as never));
    return { id: json.id, parameters: json.parameters, data: outputs[0]!.data };
  };
  const known = expectedPerson({ age: 30, city: 'Rome', height: 2, member: true });
  expect(await send('NaN')).toEqual({
    ...{ id: 'NaN " Infinity', parameters: undefined },
    data: [...expectedPerson({ age: null, city: 'NaN', height: 1, member: true }), ...known],
  });
  for (const value of ['Infinity', '-Infinity'])
    expect(await send(value)).toMatchObject({
      parameters: { unanswered_rows: 1 },
      data: [null, null, ...known],
    });
  expect((await infer('columns', text('nan') as never)).status).toBe(400);
});

test('a server without models is not ready, and says when to ask again', async () => {
  const models = createModels({
    bundled: { manifests: [], graph: () => Promise.reject(new Error('there are none')) },
    runtime: {},
    keepAlive: () => undefined,
    log: 'problems',
  });
  capturedLogs();
  const app = latentedge({ models, open: 'true' });
  const response = await app.request('/v2/health/ready', {}, {}, executionContext().context);
  expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '10']);
});

/** For every type of tensor: inputs of that type, and what the graph makes of them. */
const CASES: Record<TensorSpec['dtype'], { model: string; inputs: TestTensor[]; outputs: TestTensor[] }> = {
  float32: {
    model: 'linear',
    inputs: [ROWS],
    outputs: [{ name: 'code', datatype: 'FP32', shape: [3, CODE_SIZE], data: codes.flat() }],
  },
  int64: {
    model: 'items.similar',
    inputs: [
      { name: 'items', datatype: 'INT64', shape: [2], data: [0, 4] },
      { name: 'k', datatype: 'INT64', shape: [1], data: [2] },
    ],
    outputs: [
      {
        ...{ name: 'similar', datatype: 'INT64', shape: [2, 2] },
        data: [...expectedSimilar('a', 2), ...expectedSimilar('e', 2)].map(({ item }) =>
          'abcde'.indexOf(item),
        ),
      },
      {
        ...{ name: 'scores', datatype: 'FP32', shape: [2, 2] },
        data: [...expectedSimilar('a', 2), ...expectedSimilar('e', 2)].map(({ score }) => score),
      },
    ],
  },
  string: {
    model: 'columns',
    inputs: [
      { name: 'city', datatype: 'BYTES', shape: [3, 1], data: ['Rome', 'Zürich', ''] },
      { name: 'age', datatype: 'FP32', shape: [3, 1], data: [20, 30, 40] },
      { name: 'height', datatype: 'FP32', shape: [3, 1], data: [1, 2, 0.5] },
      { name: 'member', datatype: 'FP32', shape: [3, 1], data: [0, 1, 0] },
    ],
    outputs: [
      {
        ...{ name: 'code', datatype: 'FP32', shape: [3, 2] },
        data: [
          ...expectedPerson({ age: 20, city: 'Rome', height: 1, member: false }),
          ...expectedPerson({ age: 30, city: 'Zürich', height: 2, member: true }),
          ...expectedPerson({ age: 40, city: null, height: 0.5, member: false }),
        ],
      },
    ],
  },
};

describe.each(TensorSpec.shape.dtype.options)('%s', (dtype) => {
  const { model, inputs, outputs } = CASES[dtype];
  const bothForms = async (answer: (binary_data_output: boolean) => Promise<Response>): Promise<void> => {
    for (const isBinary of [false, true]) {
      const response = await answer(isBinary);
      expect(response.status).toBe(200);
      expect(response.headers.get('Content-Type')).toBe(isBinary ? BINARY_TYPE : JSON_TYPE);
      expect(response.headers.has('Inference-Header-Content-Length')).toBe(isBinary);
      expect((await readAnswer(response)).outputs).toEqual(outputs);
    }
  };

  test('flat JSON', () =>
    bothForms((binary_data_output) => infer(model, { inputs, parameters: { binary_data_output } })));

  test('nested JSON', () => {
    const nested = inputs.map(({ data, ...input }) => ({ ...input, data: nest(data, input.shape) }));
    return bothForms((binary_data_output) =>
      infer(model, { inputs: nested, parameters: { binary_data_output } }),
    );
  });

  test.each([0, 1, 2, 3, 5, 7])('binary, behind JSON that is %i bytes longer', (padding) =>
    bothForms((binary_data_output) =>
      inferBinary(model, binaryInputs(inputs, { parameters: { binary_data_output } }, padding)),
    ),
  );

  test('inputs in another order', () =>
    bothForms((binary_data_output) =>
      inferBinary(model, binaryInputs(inputs.toReversed(), { parameters: { binary_data_output } })),
    ));
});

function nest(data: readonly unknown[], [, ...rest]: readonly number[]): readonly unknown[] {
  if (rest.length === 0) return data;
  const width = rest.reduce((product, size) => product * size, 1);
  return Array.from({ length: data.length / width }, (_, i) =>
    nest(data.slice(i * width, (i + 1) * width), rest),
  );
}

describe('requests', () => {
  const reconstruction = expectedRows(codes).flat();
  const outputNames = async (body: object) =>
    (await readAnswer(await infer('linear.autoencoder', { inputs: [ROWS], ...body }))).json.outputs.map(
      ({ name, parameters }) => [name, parameters !== undefined],
    );

  test.each([
    ['without a version', 'linear', NEW_VERSION, NEW_SCALE],
    ['of the newest version', `linear/versions/${NEW_VERSION}`, NEW_VERSION, NEW_SCALE],
    ['of an older version', `linear/versions/${OLD_VERSION}`, OLD_VERSION, 1],
    ['of an alias', 'linear/versions/production', NEW_VERSION, NEW_SCALE],
    ['of a graph by name', `linear.encoder/versions/${OLD_VERSION}`, OLD_VERSION, 1],
  ])('%s', async (_, model, version, scale) => {
    const { json, outputs } = await readAnswer(await infer(model, { inputs: [ROWS] }));
    expect(json).toMatchObject({ model_name: model.split('/')[0], model_version: version });
    expect(outputs[0]!.data).toEqual(expectedCodes(rows, scale).flat());
  });

  test('an id comes back, whatever it is', async () => {
    for (const id of ['7', '', 'Ω "quoted"\n']) {
      const { json } = await readAnswer(await infer('linear', { id, inputs: [ROWS] }));
      expect(json.id).toBe(id);
    }
  });

  test('optional members may be null', async () => {
    const inputs = [
      { ...ROWS, parameters: null },
      { ...ROWS, parameters: { binary_data_size: null } },
    ];
    const others = [
      { id: null, parameters: null, outputs: null },
      { parameters: { binary_data_output: null } },
    ];
    for (const input of inputs) {
      for (const other of others) {
        const { json, outputs } = await readAnswer(await infer('linear', { inputs: [input], ...other }));
        expect([json.id, outputs.length]).toEqual([undefined, 1]);
      }
    }
    const named = { outputs: [{ name: 'code', parameters: null }] };
    expect((await infer('linear', { inputs: [ROWS], ...named })).status).toBe(200);
    const refused = await infer('linear', { inputs: [{ ...ROWS, data: null }] });
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining('received neither') });
  });

  test('what is not known is not looked at', async () => {
    const inputs = [{ ...ROWS, parameters: { own: 1 }, other: true }];
    const parameters = { sequence_id: 3, priority: 1, timeout: 5, own: 'x' };
    const { outputs } = await readAnswer(await infer('linear', { model_name: 'x', inputs, parameters }));
    expect(outputs[0]!.data).toEqual(codes.flat());
  });

  test.each([undefined, 'text/plain', 'application/x-www-form-urlencoded'])(
    'Content-Type %s',
    async (type) => {
      const init = binaryInputs([ROWS], { parameters: { binary_data_output: true } });
      const headers = { ...init.headers, ...(type && { 'Content-Type': type }) };
      const { outputs } = await readAnswer(await inferBinary('linear', { ...init, headers }));
      expect(outputs[0]!.data).toEqual(codes.flat());
    },
  );

  test('outputs in the order that is asked for, each in its form', async () => {
    const asked = (name: string, binary_data?: boolean) =>
      binary_data === undefined ? { name } : { name, parameters: { binary_data } };
    const all = ['reconstruction', 'error', 'feature_error'];
    expect(await outputNames({})).toEqual(all.map((name) => [name, false]));
    expect(await outputNames({ outputs: [] })).toEqual(all.map((name) => [name, false]));
    expect(await outputNames({ outputs: [asked('error', true), asked('reconstruction')] })).toEqual([
      ['error', true],
      ['reconstruction', false],
    ]);
    const parameters = { binary_data_output: true };
    const outputs = [asked('feature_error'), asked('error', false)];
    expect(await outputNames({ parameters, outputs })).toEqual([['feature_error', true], ['error', false]]); // biome-ignore format: pairs
  });

  test('outputs are those of the graph', async () => {
    const { outputs } = await readAnswer(await infer('linear.autoencoder', { inputs: [ROWS] }));
    const squares = reconstruction.map((value, i) => (value - rows.flat()[i]!) ** 2);
    expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['reconstruction', [3, FEATURES]],
      ['error', [3]],
      ['feature_error', [3, FEATURES]],
    ]);
    expect(outputs[0]!.data).toEqual(reconstruction);
    expect(outputs[2]!.data).toEqual(squares);
  });

  test('several inputs, one of them binary', async () => {
    const code = { name: 'code', datatype: 'FP32', shape: [2, CODE_SIZE], data: [[1, 2], [3, 4]] }; // biome-ignore format: a matrix
    const condition: TestTensor = {
      name: 'condition',
      datatype: 'FP32',
      shape: [2, 3],
      data: [0, 1, 0, 1, 0, 0],
    };
    const init = binaryInputs([condition]);
    const { inputs } = JSON.parse(
      init.body.toString('latin1', 0, Number(init.headers['Inference-Header-Content-Length'])),
    );
    const json = Buffer.from(JSON.stringify({ inputs: [code, ...inputs] }));
    const body = Buffer.concat([json, init.body.subarray(init.body.length - 24)]);
    const headers = { 'Inference-Header-Content-Length': `${json.length}` };
    const { outputs } = await readAnswer(
      await inferBinary('conditional.decoder', { ...init, headers, body }),
    );
    expect(outputs[0]!.data).toEqual(expectedConditional([[1, 2], [3, 4]], ['red', 'blue']).flat()); // biome-ignore format: a matrix
  });

  test('missing values, where the model imputes them', async () => {
    const [city, , height, member] = CASES.string.inputs;
    const age: TestTensor = {
      name: 'age',
      datatype: 'FP32',
      shape: [3, 1],
      data: [Number.NaN, 30, Number.NaN],
    };
    const inputs = [city!, age, height!, member!];
    const expected = [
      ...expectedPerson({ age: null, city: 'Rome', height: 1, member: false }),
      ...expectedPerson({ age: 30, city: 'Zürich', height: 2, member: true }),
      ...expectedPerson({ age: null, city: null, height: 0.5, member: false }),
    ];
    // JSON.stringify writes null for NaN, as KServe's client does.
    for (const response of [
      await inferBinary('columns', binaryInputs(inputs)),
      await infer('columns', { inputs }),
    ])
      expect((await readAnswer(response)).outputs[0]!.data).toEqual(expected);
  });

  test('a thousand rows are answered as one is', async () => {
    const many = exampleRows(1024, FEATURES);
    const tensor = { name: 'rows', datatype: 'FP32', shape: [1024, FEATURES], data: many.flat() };
    const response = await inferBinary('linear', binaryInputs([tensor]));
    expect((await readAnswer(response)).outputs[0]!.data).toEqual(expectedCodes(many, NEW_SCALE).flat());
  });
});
