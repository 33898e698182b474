/** Codes by their values other than 0, in every form of an answer. */
import { expect, test } from 'vitest';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, FEATURES } from '../support/artifacts/linearArtifact.ts';
import { BINARY_TYPE, edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';

const ENCODE = '/v1/models/linear/encode?sparse=true';
const worker = edgeWorker({ MAX_ROWS: '300' });
/** A row by its features other than 0, in units in which the model's scale is 1. */
function rowOf(features: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: FEATURES }, (_, i) => (features[i] ?? 0) / NEW_SCALE);
}

/** The second number of the code is 0, then the first, then both, then none. */
const rows = [rowOf({ 1: 0.5 }), rowOf({ 3: -1 }), rowOf({ 3: 0.5, 5: 1 }), rowOf({ 0: 3 })];
const codes = expectedCodes(rows, NEW_SCALE);
const active = codes.map((code) => code.flatMap((value, i) => (value === 0 ? [] : [[i, value] as const])));

test('the codes of these rows are sparse', () => {
  expect(active.map((each) => each.map(([i]) => i))).toEqual([[0], [1], [], [0, 1]]);
});

test('in JSON, with the positions of the values, null for a row without an answer', async () => {
  const response = await worker.post(ENCODE, { rows: [...rows, []] });
  expect(response.status).toBe(200);
  const body = (await response.json()) as { codes: (number[] | null)[]; positions: (number[] | null)[] };
  expect(body.positions).toEqual([...active.map((each) => each.map(([i]) => i)), null]);
  expect(body.codes.at(-1)).toBeNull();
  for (const [row, each] of active.entries())
    for (const [place, [, value]] of each.entries()) expect(body.codes[row]![place]).toBeCloseTo(value, 4);
});

test.each([1, 100])('as bytes: counts, positions and values, %i times', async (times) => {
  const sent = Array.from({ length: times }, () => rows).flat();
  const response = await worker.post(ENCODE, { rows: sent }, { Accept: BINARY_TYPE });
  const bytes = new DataView(await response.arrayBuffer());
  let at = 0;
  for (let row = 0; row < sent.length; row++) {
    const own = active[row % rows.length]!;
    expect(bytes.getUint32(at, true)).toBe(own.length);
    for (const [place, [i, value]] of own.entries()) {
      expect(bytes.getUint32(at + 4 + 4 * place, true)).toBe(i);
      expect(bytes.getFloat32(at + 4 + 4 * (own.length + place), true)).toBeCloseTo(value, 4);
    }
    at += 4 + 8 * own.length;
  }
  expect(bytes.byteLength).toBe(at);
});

test('with dtype=int8, and for another value, it is refused', async () => {
  for (const query of ['sparse=true&dtype=int8', 'sparse=yes']) {
    const response = await worker.post(`/v1/models/linear/encode?${query}`, { rows });
    await expectProblem(response, 'invalid-query');
  }
});

test('sparse=false answers as without it', async () => {
  const of = async (query: string) => {
    const body = await (await worker.post(`/v1/models/linear/encode${query}`, { rows })).json();
    return (body as { codes: unknown }).codes;
  };
  expect(await of('?sparse=false')).toEqual(await of(''));
});
