/** Codes of the most active units against loops, and the loss that revives dead units. */
import { describe, expect, it } from 'vitest';
import { baselineName } from '../../../shared/figureNames.ts';
import { random } from '../../../shared/random.ts';
import { withoutTies } from '../../../training/artifact/ambiguousRows.ts';
import { fromRows } from '../../../training/data/rows.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { evaluationContext, trainingContext } from '../../../training/layers/layer.ts';
import { unitsOfBatch, unitsOfRow } from '../../../training/models/selectedUnits.ts';
import { sparse } from '../../../training/models/sparse.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder, topics } from '../../support/data/data.ts';
import { initialWeights, inOnnxruntime } from '../../support/training/evaluate.ts';

const [ROWS, UNITS, COUNT] = [5, 9, 3];
const source = random(2, 'units');
const values = Array.from({ length: ROWS * UNITS }, () => Math.max(0, Math.fround(source.uniform() - 0.4)));
const activations = input('activations', ['N', UNITS]);
const feeds = new Map<Input, Tensor>([
  [activations, { dtype: 'float32', shape: [ROWS, UNITS], data: Float32Array.from(values) }],
]);
const descending = (numbers: readonly number[]) => numbers.toSorted((a, b) => b - a);

describe('the least activation that is kept', () => {
  it('of a row is its third largest', async () => {
    const [least] = await inOnnxruntime([unitsOfRow(COUNT).least(activations, evaluationContext())], feeds);
    const expected = Array.from(
      { length: ROWS },
      (_, row) => descending(values.slice(row * UNITS, (row + 1) * UNITS))[COUNT - 1],
    );
    expect(least).toEqual(expected);
  });

  it('of a batch is that of three per row, and the first one is the mean that evaluation takes', async () => {
    const context = trainingContext();
    const { least } = unitsOfBatch(COUNT);
    const ofBatch = least(activations, context);
    const [variable, next] = [...context.updates][0]!;
    const [found, mean] = await inOnnxruntime([ofBatch, next], feeds, initialWeights([next]));
    const expected = descending(values)[COUNT * ROWS - 1];
    expect([found![0], mean![0]]).toEqual([expected, expected]);
    expect(least(activations, evaluationContext())).toBe(variable);
  });
});

const run = (settings: object) =>
  train({
    name: 'units',
    variant: 'sparse',
    data: topics(400),
    settings: {
      ...{ codeSize: 64, hidden: [], activeUnits: 3, epochs: 20, batchSize: 32, learningRate: 0.02 },
      ...settings,
    },
    out: temporaryFolder(),
  });

it('topk keeps at most so many units, and the auxiliary loss revives dead ones', async () => {
  const shares: number[] = [];
  for (const auxiliaryWeight of [0, 1 / 32]) {
    const { artifact } = await run({ sparsity: 'topk', auxiliaryWeight, deadAfter: 10 });
    const { metrics } = artifact.manifest;
    expect(metrics['share-active']).toBeLessThanOrEqual(3 / 64 + 1e-6);
    shares.push(metrics['share-dead']!);
  }
  expect(shares[1]).toBeLessThan(shares[0]!);
});

it('is compared with PCA of as many components as units are active', async () => {
  const normal = random(6, 'axes');
  // Axes of falling variance: what three components leave over is the variance of the others.
  const deviations = Array.from({ length: 10 }, (_, axis) => (axis < 3 ? 2 : 0.5));
  const rows = Array.from({ length: 1000 }, () =>
    deviations.map((deviation) => deviation * Math.sqrt(12) * (normal.uniform() - 0.5)),
  );
  const { artifact } = await train({
    name: 'axes',
    variant: 'sparse',
    data: fromRows(rows),
    settings: { codeSize: 32, hidden: [], sparsity: 'topk', activeUnits: 3, epochs: 2 },
    force: true,
    out: temporaryFolder(),
  });
  const { baselines, pcaComponents } = artifact.manifest;
  expect(pcaComponents).toBe(3);
  expect(baselines.pca!.mse! / ((7 * 0.25) / 10)).toBeCloseTo(1, 0.7);
  expect(baselineName('pca', artifact.manifest)).toBe('PCA, 3 components');
});

it('refuses to keep more units than there are', () => {
  const config = sparse.config.parse({ codeSize: 4, sparsity: 'topk', activeUnits: 5 });
  expect(() => sparse.build(config, 6, 1)).toThrow(
    /'activeUnits': expected at most codeSize \(4\), received 5/,
  );
});

it('counts an activation that equals a fixed bound as a tie, which runtimes may break in different ways', async () => {
  const model = sparse.build(
    sparse.config.parse({ codeSize: 2, hidden: [], sparsity: 'batch-topk', activeUnits: 1 }),
    1,
    1,
  );
  const rows = { data: Float32Array.of(1, 3), rowCount: 2, width: 1 };
  const weights = new Map(initialWeights([model.scores!(input('rows', ['N', 1]))]));
  for (const [name, values] of weights)
    weights.set(name, new Float32Array(values.length).fill(name.includes('bias') ? 0 : 1));
  expect(Array.from(await withoutTies(model, weights, rows, 1e-5))).toEqual([1]);
});
