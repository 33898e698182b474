import { truncateSync } from 'node:fs';
import { expect, it } from 'vitest';
import { changedEncoder, ENCODER, modelFile, understood } from '../../support/training/foreignModels.ts';
import { onnxModel } from '../../support/training/onnxModel.ts';

const GOOD = onnxModel(ENCODER);

function external(location: string, others: readonly { key: string; value: string }[] = []): Uint8Array {
  return changedEncoder((_, { initializer }) => {
    const [weight] = initializer!;
    Object.assign(weight!, { floatData: [], dataLocation: 1 });
    weight!.externalData = [{ key: 'location', value: location }, ...others];
  });
}

const BAD: Readonly<Record<string, readonly [model: Uint8Array | string, message: RegExp]>> = {
  'a text': ['this is a text\n'.repeat(40), /expected an ONNX model, which is a protobuf; it is damaged/],
  nothing: ['', /expected an ONNX model with nodes and outputs, found none/],
  'half of a file': [GOOD.slice(0, GOOD.length / 2), /it is damaged or of another kind/],
  'weights that are missing': [
    external('missing.bin'),
    /its weights are in another file, which must lie next to it/,
  ],
  'weights in another folder': [external('../../../etc/passwd'), /expected weights in a file next to it/],
  'weights beyond the end of their file': [
    external('model.onnx', [{ key: 'offset', value: '99999' }]),
    /expected .* bytes at 99999 of model\.onnx/,
  ],
  'an operator that does not exist': [
    onnxModel({ ...ENCODER, nodes: [['Frobnicate', ['readings', 'weight'], ['output']]] }),
    /no operator Frobnicate\(17\), which node 'output' uses; export the model with/,
  ],
  'an operator of a domain of its own': [
    changedEncoder((model, { node }) => {
      node![0]!.domain = 'my.company';
      model.opsetImport.push({ domain: 'my.company', version: 1 });
    }),
    /no operator my\.company:MatMul/,
  ],
  'a circle': [
    onnxModel({
      ...ENCODER,
      nodes: [
        ['Add', ['readings', 'b'], ['a']],
        ['Add', ['a', 'a'], ['b']],
        ['MatMul', ['b', 'weight'], ['output']],
      ],
    }),
    /refuses the graph: .*not acyclic/,
  ],
  'two values of one name': [
    onnxModel({ ...ENCODER, nodes: [ENCODER.nodes[0]!, ENCODER.nodes[0]!] }),
    /expected distinct names, found two values called 'output'/,
  ],
  'two outputs of one name': [
    changedEncoder((_, { output }) => void output!.push(output![0]!)),
    /expected distinct names, found two values called 'output'/,
  ],
  'shapes that contradict': [
    changedEncoder((_, { initializer }) => {
      initializer![0]!.dims = [2, 4];
    }),
    /refuses the graph: .*Incompatible dimensions/,
  ],
  'sizes beyond 2^64': [
    changedEncoder((_, { initializer }) => {
      initializer![0]!.dims = [2 ** 50, 2 ** 50];
    }),
    /refuses the graph/,
  ],
  'rows of 2^45 values': [
    changedEncoder((_, { input }) => {
      input![0]!.type!.tensorType!.shape!.dim![1] = { dimValue: 2 ** 45 };
    }),
    /expected up to \d+ values per row/,
  ],
  'rows of an open size': [
    changedEncoder((_, { input }) => {
      input![0]!.type!.tensorType!.shape!.dim![1] = { dimParam: 'width' };
    }),
    /expected only the batch to be open; state the other sizes with --input-shape/,
  ],
  'weights of NaN': [
    changedEncoder((_, { initializer }) => {
      initializer![0]!.floatData![3] = Number.NaN;
    }),
    /'output' is NaN for row 0, all of whose values are finite; weight 'weight' holds NaN/,
  ],
  'random numbers': [
    changedEncoder((_, { node }) => {
      node!.unshift({ name: 'noise', opType: 'RandomNormalLike', input: ['readings'], output: ['noise'] });
      node!.push({ name: 'sum', opType: 'MatMul', input: ['noise', 'weight'], output: ['output'] });
      node![1]!.output = ['unused'];
    }),
    /differs from run to run: it depends on random numbers/,
  ],
  'answers that depend on other rows': [
    onnxModel({
      ...ENCODER,
      nodes: [
        ['MatMul', ['readings', 'weight'], ['h']],
        ['ReduceMean', ['h'], ['mean'], { axes: [0], keepdims: 1 }],
        ['Sub', ['h', 'mean'], ['output']],
      ],
    }),
    /answers depend on the other rows of a batch/,
  ],
  'an old opset': [
    changedEncoder((model) => {
      model.opsetImport[0]!.version = 5;
    }),
    /has opset 5, expected 7 or newer/,
  ],
  'no input': [
    onnxModel({ ...ENCODER, inputs: {}, nodes: [['Identity', ['weight'], ['output']]] }),
    /expected a graph with inputs/,
  ],
};

it.each(Object.entries(BAD))('refuses %s', async (_, [model, message]) => {
  await expect(understood(model)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(message),
  });
});

it('refuses a file that is too large before it reads it', async () => {
  const path = modelFile(GOOD);
  truncateSync(path, 2 ** 31);
  await expect(understood(GOOD, { path })).rejects.toThrow('has 2048.0 MiB, expected up to');
});

it('refuses what is no file', async () => {
  await expect(understood(GOOD, { path: '/no/such/file.onnx' })).rejects.toThrow('no such file');
  await expect(understood(GOOD, { path: import.meta.dirname })).rejects.toThrow('received a folder');
});

it('takes names of any length and kind', async () => {
  const name = '../../etc/'.repeat(1000);
  const nodes = [['MatMul', [name, 'weight'], [`${name}out`]]] as const;
  const { model } = await understood(
    onnxModel({ ...ENCODER, inputs: { [name]: ['N', 4] }, outputs: { [`${name}out`]: ['N', 2] }, nodes }),
  );
  expect(model.roles).toMatchObject([{ role: 'code' }]);
});
