import { expect, it } from 'vitest';

/** The memories that WebAssembly modules are given from here on. */
const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

const MIB = 2 ** 20;
const ITEMS = 6_000;

it('a Mult-VAE stored as float16 takes little more WebAssembly memory than its file', async () => {
  const { variablesOf } = await import('../../training/graph/traverse.ts');
  const { toOnnx } = await import('../../training/graph/onnx.ts');
  const { openWasm } = await import('../../training/inference.ts');
  const { recommender } = await import('../../training/models/recommender.ts');
  const { heads } = recommender.build(recommender.config.parse({}), ITEMS, 1);
  const { inputs, outputs } = heads!.recommend!;
  const weights = new Map(variablesOf(Object.values(outputs)).map(({ name, initial }) => [name, initial]));
  const model = toOnnx({ name: 'recommend', inputs, outputs, weights, weightType: 'float16' });

  const session = await openWasm(model);
  const { recommended } = await session.runTensors({
    items: { dtype: 'int64', shape: [1, 3], data: BigInt64Array.of(5n, 17n, 5999n) },
    k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(20n) },
  });
  expect(recommended!.data).toHaveLength(20);
  expect(memories).toHaveLength(1);
  // The runtime itself starts with 16 MiB and grows in steps of a fifth; 4 MiB of weights are float32 at a time. With
  // 20,000 items (46 MiB of float16) this is at most 84 MiB: with the file beside it, it fits an isolate of 128 MiB.
  const limit = 16 * MIB + 1.2 * model.length + 12 * MIB;
  expect(memories[0]!.buffer.byteLength).toBeLessThan(limit);
  await session.release();
});
