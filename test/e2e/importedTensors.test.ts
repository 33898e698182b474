/** Imported models at `/v2`, by the tensors of their files, in workerd. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalWorker, serveLocally } from '../../scripts/worker/local.ts';
import { ModelMetadata } from '../../shared/protocol.ts';
import { ModelConfig } from '../../shared/protocolExtensions.ts';
import { ModelProto, type onnx } from '../../training/graph/schema.ts';
import { importModel } from '../../training/importing/importModel.ts';
import { runJobs } from '../../training/importing/jobs.ts';
import { keptFolder } from '../support/data/data.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';
import { binaryInputs, readAnswer, type TestTensor } from '../support/edge/inferMessages.ts';
import { changedEncoder, codesOfRows, DECODER, understood } from '../support/training/foreignModels.ts';

/** Numbers of ONNX's element types, by the protocol's names. */
const ELEMENTS: Readonly<Record<string, number>> = {
  ...{ FP32: 1, UINT8: 2, INT8: 3, UINT16: 4, INT16: 5, INT32: 6, INT64: 7 },
  ...{ BOOL: 9, FP16: 10, FP64: 11, UINT32: 12, UINT64: 13 },
};
const DATATYPES = Object.keys(ELEMENTS);
const [BOOL] = [DATATYPES.indexOf('BOOL')];

function info(name: string, type: string, sizes: readonly number[]): onnx.IValueInfoProto {
  const dim = [{ dimParam: 'n' }, ...sizes.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: ELEMENTS[type]!, shape: { dim } } } };
}

/**
 * Takes a value of every type, `in/FP32:0` [n], `in/UINT8:0` [n, 1, 2] and so on in turn, and gives the sum of all as
 * `sum:0` [n, 1, 1] and whether it is above 5 as the int32 `is-large` [n].
 */
const TYPED = (() => {
  const model = ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: { name: 'typed' },
  });
  const graph = model.graph!;
  const int64s = (name: string, values: readonly number[]) => ({
    ...{ name, dataType: 7, dims: [values.length] },
    rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });
  const cast = (to: number) => [{ name: 'to', type: 2, i: to }];
  const axis = [{ name: 'axis', type: 2, i: 1 }];
  graph.initializer = [
    int64s('flat', [-1, 2]),
    int64s('column', [-1, 1]),
    int64s('box', [-1, 1, 1]),
    int64s('one', [-1]),
  ];
  graph.initializer.push({ name: 'five', dataType: 1, dims: [1], floatData: [5] });
  graph.input = DATATYPES.map((type, i) => info(`in/${type}:0`, type, i % 2 === 0 ? [] : [1, 2]));
  graph.node = DATATYPES.flatMap((type, i): onnx.INodeProto[] => [
    {
      name: `cast ${type}`,
      opType: 'Cast',
      input: [`in/${type}:0`],
      output: [`${type}#`],
      attribute: cast(1),
    },
    {
      name: `flat ${type}`,
      opType: 'Reshape',
      input: [`${type}#`, i % 2 ? 'flat' : 'column'],
      output: [`${type}!`],
    },
  ]);
  graph.node.push(
    {
      name: 'all',
      opType: 'Concat',
      input: DATATYPES.map((type) => `${type}!`),
      output: ['all'],
      attribute: axis,
    },
    { name: 'sum', opType: 'ReduceSum', input: ['all', 'axes'], output: ['total'] },
    { name: 'box', opType: 'Reshape', input: ['total', 'box'], output: ['sum:0'] },
    { name: 'flat', opType: 'Reshape', input: ['total', 'one'], output: ['totals'] },
    { name: 'above', opType: 'Greater', input: ['totals', 'five'], output: ['above'] },
    { name: 'large', opType: 'Cast', input: ['above'], output: ['is-large'], attribute: cast(6) },
  );
  graph.initializer.push(int64s('axes', [1]));
  graph.output = [info('sum:0', 'FP32', [1, 1]), info('is-large', 'INT32', [])];
  return ModelProto.encode(model).finish();
})();

/** An autoencoder in one file: the encoder's code and, by the decoder, the reconstruction. */
const BOTH = changedEncoder((_, graph) => {
  const { data, shape } = DECODER.weights.weight!;
  graph.initializer!.push({ name: 'back', dataType: 1, dims: [...shape], floatData: [...data] });
  graph.node!.push({ name: 'decode', opType: 'MatMul', input: ['output', 'back'], output: ['rows'] });
  graph.output!.unshift(info('rows', 'FP32', [4]));
});

const out = keptFolder();
let worker: LocalWorker;
const request = async (path: string, init: RequestInit = {}) =>
  fetchFresh(new URL(path, worker.url), { ...init, headers: { ...init.headers, 'X-API-Key': worker.key } });
const infer = (name: string, body: object) =>
  request(`/v2/models/${name}/infer`, { method: 'POST', body: JSON.stringify(body) });
const errorOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { error: string }).error,
];

beforeAll(async () => {
  const roles = { 'sum:0': 'prediction', 'is-large': 'code' } as const;
  const options = { out, classes: undefined, contamination: 0.05, run: runJobs };
  const artifacts = [
    await importModel(await understood(TYPED, { roles, path: file(TYPED) }), { ...options, name: 'typed' }),
    await importModel(await understood(BOTH, { path: file(BOTH) }), { ...options, name: 'both' }),
  ];
  worker = await serveLocally(artifacts, { runtime: 'stock', log: () => undefined });
});
afterAll(() => worker?.dispose());

function file(bytes: Uint8Array): string {
  const path = join(out, 'model.onnx');
  writeFileSync(path, bytes);
  return path;
}

/** Two rows: 1 in each place of the first, and 0 or -0.5 in the second. */
const GIVEN: TestTensor[] = DATATYPES.map((datatype, i) => {
  const second = datatype.startsWith('FP') ? -0.5 : 0;
  const isWide = i % 2 === 1;
  return {
    name: `in/${datatype}:0`,
    datatype,
    shape: isWide ? [2, 1, 2] : [2],
    data: isWide ? [1, 1, second, second] : [1, second],
  };
});
const WIDE = DATATYPES.filter((_, i) => i % 2 === 1);
const COUNT = DATATYPES.length + WIDE.length;
const HALVES = DATATYPES.reduce((sum, type, i) => sum + (type.startsWith('FP') ? (i % 2 ? 1 : 0.5) : 0), 0);
const ANSWERS = [
  { name: 'sum:0', datatype: 'FP32', shape: [2, 1, 1], data: [COUNT, -HALVES] },
  { name: 'is-large', datatype: 'INT64', shape: [2], data: [1, 0] },
];

describe('a file with inputs of every type', () => {
  it('is described by its own names, types and shapes', async () => {
    const metadata = ModelMetadata.parse(await (await request('/v2/models/typed')).json());
    expect(metadata.inputs).toEqual(
      GIVEN.map(({ name, datatype, shape }) => ({ name, datatype, shape: [-1, ...shape.slice(1)] })),
    );
    expect(metadata.outputs).toEqual(
      ANSWERS.map(({ name, datatype, shape }) => ({ name, datatype, shape: [-1, ...shape.slice(1)] })),
    );
    const config = ModelConfig.parse(await (await request('/v2/models/typed/config')).json());
    expect(config.max_batch_size).toBeGreaterThan(1);
    expect(config.input[BOOL!]).toEqual({ name: 'in/BOOL:0', data_type: 'TYPE_BOOL', dims: [1, 2] });
    expect(config.output[0]).toEqual({ name: 'sum:0', data_type: 'TYPE_FP32', dims: [1, 1] });
    expect((await request('/v2/models/typed/ready')).status).toBe(200);
    const own = ModelMetadata.parse(await (await request('/v2/models/typed.predict')).json());
    expect(own.inputs).toEqual([{ name: 'rows', datatype: 'FP32', shape: [-1, COUNT] }]);
  });

  it.each([false, true])('answers bytes and JSON; outputs as bytes: %j', async (binary_data_output) => {
    const parameters = { binary_data_output };
    const bytes = await request('/v2/models/typed/infer', binaryInputs(GIVEN.toReversed(), { parameters }));
    expect((await readAnswer(bytes)).outputs).toEqual(ANSWERS);
    expect((await readAnswer(await infer('typed', { inputs: GIVEN, parameters }))).outputs).toEqual(ANSWERS);
  });

  it('takes booleans of JSON, and answers the outputs that are asked for', async () => {
    const inputs = GIVEN.map((input) =>
      input.datatype === 'BOOL' ? { ...input, data: [[[true, true]], [[false, false]]] } : input,
    );
    const outputs = [{ name: 'is-large' }];
    expect((await readAnswer(await infer('typed', { inputs, outputs }))).outputs).toEqual([ANSWERS[1]]);
  });

  it.each<[type: string, value: unknown, error: RegExp]>([
    [
      'INT64',
      2 ** 24 + 1,
      /"in\/INT64:0", element \[1\]: expected a whole number from -16777216 to 16777216, received 16777217/,
    ],
    ['UINT8', 256, /"in\/UINT8:0", element \[1, 0, 0\]: expected a whole number from 0 to 255, received 256/],
    ['INT32', 0.5, /expected a whole number from -16777216 to 16777216, received 0\.5/],
    ['UINT16', -1, /expected a whole number from 0 to 65535, received -1/],
    ['BOOL', 'yes', /expected true or false, received a string/],
    ['FP64', true, /expected a number, received boolean true/],
  ])('refuses %s of %j', async (type, value, error) => {
    const inputs = GIVEN.map((input) => {
      const at = input.shape.length === 1 ? 1 : 2;
      return input.datatype === type ? { ...input, data: input.data.with(at, value as never) } : input;
    });
    expect(await errorOf(await infer('typed', { inputs }))).toEqual([400, expect.stringMatching(error)]);
  });

  it('refuses numbers in bytes that float32 does not hold, too, and bytes that are too few', async () => {
    const large = GIVEN.map((input) =>
      input.datatype === 'INT64' ? { ...input, data: [1, 2 ** 24 + 1] } : input,
    );
    const [status, error] = await errorOf(await request('/v2/models/typed/infer', binaryInputs(large)));
    expect([status, error]).toEqual([400, expect.stringContaining('received 16777217')]);
    const few = GIVEN.map((input) => (input.datatype === 'FP64' ? { ...input, data: [1] } : input));
    expect(await errorOf(await request('/v2/models/typed/infer', binaryInputs(few)))).toEqual([
      400,
      expect.stringMatching(/"in\/FP64:0": expected the bytes of \d elements/),
    ]);
  });

  it('refuses other names, types and shapes, naming those of the file', async () => {
    const rows = [{ name: 'rows', datatype: 'FP32', shape: [1, COUNT], data: new Array(COUNT).fill(1) }];
    expect(await errorOf(await infer('typed', { inputs: rows }))).toEqual([
      400,
      expect.stringMatching(/^.*expected the inputs in\/BOOL:0, .*received rows/),
    ]);
    const [first, ...others] = GIVEN;
    expect(
      await errorOf(await infer('typed', { inputs: [{ ...first, datatype: 'FP64' }, ...others] })),
    ).toEqual([400, expect.stringContaining('expected datatype FP32, received "FP64"')]);
    const outputs = [{ name: 'prediction' }];
    expect(await errorOf(await infer('typed', { inputs: GIVEN, outputs }))).toEqual([
      400,
      expect.stringContaining('expected outputs among sum:0, is-large'),
    ]);
  });

  it('answers the other rows if one has no number', async () => {
    const inputs = GIVEN.map((input) =>
      input.datatype === 'FP32' ? { ...input, data: [null, -0.5] } : input,
    );
    const { json, outputs } = await readAnswer(await infer('typed', { inputs }));
    expect(json.parameters).toMatchObject({ unanswered_rows: 1 });
    expect(outputs.map(({ data }) => data)).toEqual([
      [null, -HALVES],
      [-1, 0],
    ]);
  });
});

it('answers or refuses whatever bytes arrive in place of a request', async () => {
  const { headers, body } = binaryInputs(GIVEN);
  const json = Buffer.from(JSON.stringify({ inputs: GIVEN }));
  let state = 1;
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state % below;
  };
  const statuses = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const bytes = Uint8Array.from(i % 2 ? json : body);
    for (let changes = random(3); changes >= 0; changes--) bytes[random(bytes.length)] = random(256);
    const init = { method: 'POST', headers: i % 2 ? {} : headers, body: bytes };
    const response = await request('/v2/models/typed/infer', init);
    statuses.add(response.status);
    if (response.status === 200) await readAnswer(response);
    else expect(await response.json()).toEqual({ error: expect.any(String) });
  }
  expect([...statuses].sort()).toEqual([200, 400]);
});

it('answers outputs that two of our graphs have, and counts one inference', async () => {
  const rows = [
    [1, 2, 3, 4],
    [0, 1, 0, -2],
  ];
  const inputs = [{ name: 'readings', datatype: 'FP32', shape: [2, 4], data: rows.flat() }];
  const stats = async () => {
    const { model_stats } = (await (await request('/v2/models/both/stats')).json()) as {
      model_stats: { execution_count: number; inference_count: number }[];
    };
    return model_stats[0]!;
  };
  const { outputs } = await readAnswer(await infer('both', { inputs }));
  expect(outputs.map(({ name }) => name)).toEqual(['rows', 'output']);
  const codes = codesOfRows(rows);
  expect(outputs[1]!.data).toEqual(codes.flat());
  const own = [{ name: 'rows', datatype: 'FP32', shape: [2, 4], data: rows.flat() }];
  const ours = await readAnswer(await infer('both.autoencoder', { inputs: own }));
  expect(outputs[0]!.data).toEqual(ours.outputs[0]!.data);
  expect(await stats()).toMatchObject({ execution_count: 1, inference_count: 2 });
});
