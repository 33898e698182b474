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

it('a Mult-VAE takes little more WebAssembly memory than its files', async () => {
  const { variablesOf } = await import('../../training/graph/traverse.ts');
  const { exportGraphs } = await import('../../training/artifact/exportGraphs.ts');
  const { input } = await import('../../training/graph/value.ts');
  const { openWasm } = await import('../../training/engines/inference.ts');
  const { recommender } = await import('../../training/models/recommender.ts');
  const built = recommender.build(recommender.config.parse({}), ITEMS, 1);
  const values = [
    ...Object.values(built.encoderOutputs!(input('rows', ['N', ITEMS]))),
    built.decode(input('code', ['N', built.codeSize])),
  ];
  const weights = new Map(variablesOf(values).map(({ name, initial }) => [name, initial]));
  const k = { dtype: 'int64', shape: [1], data: BigInt64Array.of(20n) } as const;
  const data = BigInt64Array.of(5n, 17n, 5999n);
  const int8 = await exportGraphs(built, ITEMS, weights, 'int8');
  const float32 = await exportGraphs(built, ITEMS, weights);
  const float16 = await exportGraphs(built, ITEMS, weights, 'float16');
  // The smallest first: memory is never given back.
  const items = (...shape: number[]) => ({ dtype: 'int64', shape, data }) as const;
  const none = { dtype: 'int64', shape: [1, 1], data: BigInt64Array.of(-1n) } as const;
  const recommend = { items: items(1, 3), excluded: items(1, 3), allowed: none, k };
  const similar = { items: items(3), k };
  for (const [graph, inputs, rows] of [
    [int8.similar!, similar, 3],
    [int8.recommend!, recommend, 1],
    [float16.similar!, similar, 3],
    [float16.recommend!, recommend, 1],
    [float32.recommend!, recommend, 1],
  ] as const) {
    const session = await openWasm(graph.model);
    const { scores } = await session.runTensors(inputs);
    expect(scores!.data).toHaveLength(20 * rows);
    expect(memories).toHaveLength(1);
    // The runtime itself starts with 16 MiB and grows in steps of a fifth; 4 MiB of weights are float32 at a time. With
    // 20,000 items (46 MiB of float16) this is at most 84 MiB: with the file beside it, it fits an isolate of 128 MiB.
    const limit = 16 * MIB + 1.2 * graph.model.length + 12 * MIB;
    expect(memories[0]!.buffer.byteLength).toBeLessThan(limit);
    await session.release();
  }
  // Every item's weights are there once: 600 of them, of 2 bytes each, or of 1 and a scale of 4.
  expect(float16.similar!.model.length).toBeLessThan(1.01 * ITEMS * 600 * 2);
  expect(int8.similar!.model.length).toBeLessThan(1.01 * ITEMS * 604);
});
