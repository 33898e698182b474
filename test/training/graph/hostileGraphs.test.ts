/** The graphs that were made to break an importer are as wrong as they say, judged by onnxruntime-web. */
import * as ort from 'onnxruntime-web/wasm';
import { expect, it } from 'vitest';
import type { HostileGraph } from '../../support/graphs/hostile/hostileGraph.ts';
import { modelBytes, PLAIN } from '../../support/graphs/hostile/plain.ts';
import { HOSTILE_GRAPHS } from '../../support/graphs/hostileGraphs.ts';

const ROWS = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const CODES = [4, 6, 12, 14];

ort.env.wasm.numThreads = 1;

async function answer({ bytes, files = {} }: Pick<HostileGraph, 'bytes' | 'files'>): Promise<number[]> {
  const session = await ort.InferenceSession.create(bytes, {
    logSeverityLevel: 4,
    externalData: Object.entries(files).map(([path, data]) => ({ path, data })),
  });
  const inputs = session.inputNames.map((name) => {
    const condition = name === 'condition' && new ort.Tensor('bool', [true], []);
    return [name, condition || new ort.Tensor('float32', ROWS, [2, 4])] as const;
  });
  const outputs = await session.run(Object.fromEntries(inputs));
  await session.release();
  return [...(Object.values(outputs)[0]!.data as Float32Array)];
}

const named = (does: HostileGraph['onnxruntime']) =>
  HOSTILE_GRAPHS.filter(({ onnxruntime }) => onnxruntime === does).map((each) => [each.name, each] as const);

it('the graph that they differ from is right', async () => {
  expect(await answer({ bytes: modelBytes({ graph: PLAIN }) })).toEqual(CODES);
});

it('no two have the same name', () => {
  expect(new Set(HOSTILE_GRAPHS.map(({ name }) => name)).size).toBe(HOSTILE_GRAPHS.length);
});

it.each(named('refuses'))('onnxruntime refuses %s', async (_, graph) => {
  await expect(answer(graph)).rejects.toThrow();
});

it.each(named('answers'))('onnxruntime answers %s', async (_, graph) => {
  expect(await answer(graph)).toHaveLength(CODES.length);
});
