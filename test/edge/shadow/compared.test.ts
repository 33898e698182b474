import { expect, test } from 'vitest';
import { OPERATIONS } from '../../../edge/operations/registry.ts';
import type { Operation } from '../../../edge/requests/operation.ts';
import { differenceOf, type RowAnswer } from '../../../edge/shadow/compared.ts';
import { createShadows } from '../../../edge/telemetry/shadows.ts';
import type { OperationName } from '../../../shared/manifest.ts';

const item = (name: string, score: number) => ({ item: name, score });
const NONE = { values: 0, sum: 0, largest: 0, judged: 0, differing: 0 };

test.each<[operation: OperationName, production: RowAnswer, shadow: RowAnswer, difference: object]>([
  ['encode', { code: [1, 2] }, { code: [1, 4] }, { ...NONE, values: 2, sum: 2, largest: 2 }],
  ['encode', { code: [1, 2] }, { code: [2] }, { ...NONE, values: 1, sum: 1, largest: 1 }],
  ['encode', { code: [9], positions: [3] }, { code: [1], positions: [4] }, NONE],
  ['encode', { code: [127], scale: 0.5 }, { code: [127], scale: 0.25 }, NONE],
  ['reduce', { coordinates: [0, 0] }, { coordinates: [3, 0] }, { ...NONE, values: 2, sum: 3, largest: 3 }],
  ['denoise', { reconstruction: [5] }, { reconstruction: [4] }, { ...NONE, values: 1, sum: 1, largest: 1 }],
  [
    'score',
    { score: 2, error: 9, isAnomaly: true },
    { score: 3, error: 1, isAnomaly: false },
    { values: 1, sum: 1, largest: 1, judged: 1, differing: 1 },
  ],
  ['predict', { prediction: [7] }, { prediction: [9] }, { ...NONE, values: 1, sum: 2, largest: 2 }],
  [
    'predict',
    { prediction: [0.75, 0.25] },
    { prediction: [0.25, 0.75] },
    { values: 2, sum: 1, largest: 0.5, judged: 1, differing: 1 },
  ],
  [
    'recommend',
    { items: [item('tea', 5), item('jam', 3)] },
    { items: [item('jam', 4), item('egg', 1)] },
    { values: 1, sum: 1, largest: 1, judged: 1, differing: 1 },
  ],
  [
    'similar',
    { items: [item('tea', 0.5)] },
    { items: [item('tea', 0.5)] },
    { ...NONE, values: 1, judged: 1 },
  ],
  ['sample', { rows: [[1]] }, { rows: [[2]] }, NONE],
  // What only one of them can answer.
  ['encode', { code: [1] }, { problem: 'result-not-finite' }, { ...NONE, judged: 1, differing: 1 }],
  ['encode', { problem: 'result-not-finite' }, { problem: 'result-not-finite' }, NONE],
])('%s: %j and %j', (name, production, shadow, difference) => {
  const { compared }: Operation = OPERATIONS[name];
  expect(differenceOf(compared, [production], [shadow])).toEqual({ rows: 1, ...difference });
});

test('an isolate keeps the counts of a hundred pairs of versions, the last ones', () => {
  const shadows = createShadows();
  for (let i = 0; i < 150; i++)
    shadows.dropped({ model: 'digits', production: 'a', shadow: `${i}`, operation: 'encode' });
  const series = shadows.series();
  expect([series.length, series[0]!.shadow, series.at(-1)!.shadow]).toEqual([100, '50', '149']);
});
