/** Models of other frameworks answer here as there: in onnxruntime-node, and in the WASM build that Workers run. */
import { readdirSync } from 'node:fs';
import * as native from 'onnxruntime-node';
import * as wasm from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { float16Bits, float16Value } from '../../../shared/float16.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import {
  FIXTURES,
  FIXTURES_FOLDER,
  type Fixture,
  fixtureBytes,
  type JsonTensor,
} from '../../support/graphs/fixtures.ts';

const RUNTIMES = { 'onnxruntime-node': native, 'onnxruntime-web': wasm };
wasm.env.wasm.numThreads = 1;

/** The outputs of ZipMap are dictionaries, which neither runtime gives to JavaScript; its input is a tensor. */
function withoutZipMap(bytes: Uint8Array): Uint8Array {
  const model = ModelProto.decode(bytes);
  const { node, output } = model.graph!;
  for (const zipMap of node!.filter(({ opType }) => opType === 'ZipMap')) {
    const given = output!.find(({ name }) => name === zipMap.output![0])!;
    given.type = { tensorType: { elemType: 1 } };
    zipMap.opType = 'Identity';
    zipMap.domain = '';
    zipMap.attribute = [];
  }
  return ModelProto.encode(model).finish();
}

function feedOf({ dtype, shape, data }: JsonTensor, { Tensor }: typeof native): native.Tensor {
  if (dtype === 'string') return new Tensor('string', data as string[], shape);
  const numbers = data as number[];
  if (dtype === 'int64') return new Tensor('int64', BigInt64Array.from(numbers, BigInt), shape);
  if (dtype === 'float64') return new Tensor('float64', Float64Array.from(numbers), shape);
  if (dtype === 'float32') return new Tensor('float32', Float32Array.from(numbers), shape);
  const bits = Uint16Array.from(numbers, float16Bits);
  const tensor = new Tensor('float16', bits, shape);
  // Where Node has Float16Array, the tensor holds one, of which onnxruntime-node 1.30 reads no bytes.
  return Object.defineProperty(tensor, 'cpuData', { value: bits });
}

/** Numbers as such, whichever type they have; strings as they are. */
function valuesOf({ type, data }: native.Tensor): (number | string)[] {
  if (type === 'string') return [...(data as string[])];
  if (data instanceof Uint16Array && type === 'float16') return Array.from(data, float16Value);
  return Array.from(data as ArrayLike<number | bigint>, Number);
}

async function answer({ files, given, answers }: Fixture, runtime: typeof native) {
  const [model, ...weights] = files;
  const session = await runtime.InferenceSession.create(withoutZipMap(fixtureBytes(model)), {
    logSeverityLevel: 4,
    externalData: weights.map((path) => ({ path, data: fixtureBytes(path) })),
  });
  const feeds = Object.entries(given).map(([name, tensor]) => [name, feedOf(tensor, runtime)] as const);
  const outputs = await session.run(Object.fromEntries(feeds), Object.keys(answers));
  await session.release();
  return outputs;
}

const named = (fixtures: readonly Fixture[]) => fixtures.map((each) => [each.name, each] as const);
const ANSWERED = named(FIXTURES.filter(({ refused }) => refused === undefined));
const REFUSED = named(FIXTURES.filter(({ refused }) => refused !== undefined));

describe.each(Object.entries(RUNTIMES))('%s', (_, runtime) => {
  it.each(ANSWERED)('answers as the framework: %s', async (_, each) => {
    const outputs = await answer(each, runtime as typeof native);
    for (const [name, { dtype, shape, data }] of Object.entries(each.answers)) {
      const values = valuesOf(outputs[name]!);
      if (!each.flattened) expect(outputs[name]!.dims, name).toEqual(shape);
      if (dtype === 'string' || dtype === 'int64') {
        expect(values, name).toEqual(data);
        continue;
      }
      const expected = data as number[];
      expect(values.length, name).toBe(expected.length);
      const scale = Math.max(1, ...expected.map(Math.abs));
      const differences = expected.map((value, i) => Math.abs(value - (values[i] as number)) / scale);
      expect(Math.max(...differences), name).toBeLessThanOrEqual(each.tolerance);
    }
  });

  it.each(REFUSED)('does not answer: %s', async (_, each) => {
    await expect(answer(each, runtime as typeof native)).rejects.toThrow();
  });
});

it('every model of the folder is in the index, and the other way round', () => {
  const models = readdirSync(FIXTURES_FOLDER).filter((file) => /\.onnx/.test(file));
  expect(FIXTURES.flatMap(({ files }) => files).toSorted()).toEqual(models.toSorted());
});
