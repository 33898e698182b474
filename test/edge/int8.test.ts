/** Codes as whole numbers of one byte, in every form of an answer. */
import { expect, test } from 'vitest';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, FEATURES } from '../support/artifacts/linearArtifact.ts';
import { BINARY_TYPE, edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const ENCODE = '/v1/models/linear/encode?dtype=int8';
const worker = edgeWorker({ MAX_ROWS: '300' });
const rows = exampleRows(8, FEATURES);
const codes = expectedCodes(rows, NEW_SCALE);
const scales = codes.map((code) => Math.max(...code.map(Math.abs)) / 127);

/** The codes, rounded to multiples of their scales. */
function expectCodes(numbers: readonly number[], found: number[], row: number): void {
  const code = codes[row % codes.length]!;
  expect(Math.max(...found.map(Math.abs))).toBe(127);
  numbers.forEach((scale) => {
    expect(scale / scales[row % codes.length]!).toBeCloseTo(1, 5);
  });
  found.forEach((number, i) => {
    expect(Number.isInteger(number)).toBe(true);
    expect(Math.abs(number * numbers[0]! - code[i]!)).toBeLessThanOrEqual(numbers[0]! * 0.5001);
  });
}

test('in JSON, with the scale of each row, null for one without an answer', async () => {
  const response = await worker.post(ENCODE, { rows: [rows[0], [], rows[2]] });
  expect(response.status).toBe(200);
  const body = (await response.json()) as { codes: (number[] | null)[]; scales: (number | null)[] };
  expect([body.codes[1], body.scales[1]]).toEqual([null, null]);
  for (const row of [0, 2]) expectCodes([body.scales[row]!], body.codes[row]!, row);
});

test.each([8, 700])('as bytes: the scale, then the numbers, of %i rows', async (count) => {
  const sent = Array.from({ length: count }, (_, i) => rows[i % rows.length]!);
  const response = await worker.post(ENCODE, { rows: sent }, { Accept: BINARY_TYPE });
  const bytes = await response.arrayBuffer();
  const width = codes[0]!.length;
  expect(bytes.byteLength).toBe(count * (4 + width));
  for (let row = 0; row < count; row++) {
    const start = row * (4 + width);
    const scale = new DataView(bytes).getFloat32(start, true);
    expectCodes([scale], [...new Int8Array(bytes, start + 4, width)], row);
  }
});

test('an unknown type is refused', async () => {
  const response = await worker.post('/v1/models/linear/encode?dtype=int4', { rows });
  await expectProblem(response, 'invalid-query');
});
