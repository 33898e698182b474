import { expect, test } from 'vitest';
import { Models } from '../../edge/models.ts';
import { ProblemError } from '../../edge/problems.ts';
import type { ModelSource } from '../../edge/registry/source.ts';
import type { OpenSession } from '../../edge/runtime/session.ts';
import { matrixOf, type NumberTensor, packRows, tensorOf, unpackRows } from '../../shared/tensor.ts';
import { CODE_SIZE, expectedCodes, linearArtifact } from '../support/linearArtifact.ts';
import { exampleRows } from '../support/operationCases.ts';

const { manifest, graphs } = linearArtifact();
const rows = exampleRows(2, 6);

/** Runs the linear encoder in TypeScript. */
const openLinear: OpenSession = async () => ({
  inputNames: ['rows'],
  outputNames: ['code'],
  run: async ({ rows: given }, outputs) => {
    const codes = tensorOf(packRows(expectedCodes(unpackRows(matrixOf(given as NumberTensor))), CODE_SIZE));
    return Object.fromEntries(outputs.map((name) => [name, codes])) as Record<
      (typeof outputs)[number],
      NumberTensor
    >;
  },
  release: async () => undefined,
});

/** A source whose first read is damaged; counts the reads. */
function flakySource(): ModelSource & { reads: number } {
  return {
    reads: 0,
    list: async () => [manifest],
    async graph(_, graph) {
      this.reads++;
      return this.reads === 1 ? new Uint8Array([1, 2, 3]) : new Uint8Array(graphs[graph]!);
    },
  };
}

test('a graph that failed to load is read again by the next request, and then only once', async () => {
  const source = flakySource();
  const models = new Models(source, openLinear);
  const encode = async () => {
    const { code } = await models.run(manifest, 'encoder', { rows: tensorOf(packRows(rows, 6)) }, ['code']);
    return unpackRows(matrixOf(code));
  };
  await expect(encode()).rejects.toThrow(ProblemError);
  expect(await encode()).toEqual(expectedCodes(rows));
  expect(await Promise.all([encode(), encode()])).toEqual([expectedCodes(rows), expectedCodes(rows)]);
  expect(source.reads).toBe(2);
});

test('a session with other tensors than the manifest lists is released', async () => {
  const released: string[] = [];
  const open: OpenSession = async (graph) => ({
    ...(await openLinear(graph)),
    outputNames: ['codes'],
    release: async () => {
      released.push('session');
    },
  });
  const source: ModelSource = {
    list: async () => [manifest],
    graph: async (_, graph) => new Uint8Array(graphs[graph]!),
  };
  const running = new Models(source, open).run(manifest, 'encoder', { rows: tensorOf(packRows(rows, 6)) }, [
    'code',
  ]);
  await expect(running).rejects.toMatchObject({ slug: 'model-unavailable' });
  expect(released).toEqual(['session']);
});
