import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { square } from '../../../training/graph/ops/powers.ts';
import { transpose } from '../../../training/graph/ops/transpose.ts';
import type { Shape, Value } from '../../../training/graph/types.ts';
import { input, sizeOf } from '../../../training/graph/value.ts';
import { averagePool2d } from '../../../training/layers/averagePool2d.ts';
import { conv2d } from '../../../training/layers/conv2d.ts';
import { convTranspose2d } from '../../../training/layers/convTranspose2d.ts';
import { dense } from '../../../training/layers/dense.ts';
import { dropout } from '../../../training/layers/dropout.ts';
import { itemLayer } from '../../../training/layers/items.ts';
import { evaluationContext, type Layer } from '../../../training/layers/layer.ts';
import { maxPool2d } from '../../../training/layers/maxPool2d.ts';
import { recurrent } from '../../../training/layers/recurrent.ts';
import { LAYERS, type LayerName } from '../../../training/layers/registry.ts';
import { flatten, reshape } from '../../../training/layers/reshape.ts';
import { upsample2d } from '../../../training/layers/upsample2d.ts';
import {
  initialWeights,
  inOnnxruntime,
  inTfjs,
  relativeError,
  tfjsGradients,
} from '../../support/training/evaluate.ts';

interface LayerCase {
  readonly layer: Layer;
  /** Shapes of an input row and of an output row. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

const convolution = {
  name: 'layer',
  channels: 2,
  filters: 3,
  kernel: 3,
  activation: 'tanh',
  seed: 1,
} as const;
const DENSE = { name: 'layer', inputs: 5, units: 3, activation: 'sigmoid', seed: 1 } as const;
const ITEMS = { name: 'layer', items: 4, units: 3 };
const gru = recurrent({ name: 'layer', cell: 'gru', inputs: 2, units: 3, seed: 1 });
const around = [1, 1, 1, 1] as const;

const CASES: Readonly<Record<LayerName, LayerCase>> = {
  averagePool2d: { layer: averagePool2d(2), from: [2, 5, 4], to: [2, 3, 2] },
  batchNorm: {
    layer: dense({ ...DENSE, normalization: 'batch' }).layer,
    from: [5],
    to: [3],
  },
  conv2d: {
    layer: conv2d({ ...convolution, strides: [2, 2], pads: around }),
    from: [2, 6, 5],
    to: [3, 3, 3],
  },
  convTranspose2d: {
    layer: convTranspose2d({ ...convolution, strides: [2, 2], pads: around, outputPadding: [1, 0] }),
    from: [2, 3, 3],
    to: [3, 6, 5],
  },
  dense: { layer: dense(DENSE).layer, from: [5], to: [3] },
  dropout: { layer: dropout('noise', 0.5), from: [2, 3], to: [2, 3] },
  flatten: { layer: flatten(), from: [2, 3, 2], to: [12] },
  itemLayer: {
    layer: itemLayer({ ...ITEMS, activation: 'tanh', initializer: null, seed: 1, dropout: 0.5 }).ofRows,
    from: [4],
    to: [3],
  },
  layerNorm: {
    layer: conv2d({ ...convolution, normalization: 'layer', strides: [1, 1], pads: around }),
    from: [2, 3, 4],
    to: [3, 3, 4],
  },
  maxPool2d: { layer: maxPool2d(2), from: [2, 5, 4], to: [2, 3, 2] },
  recurrent: {
    layer: (x, context) => gru.over(transpose(x, [1, 0, 2]), context).last,
    from: [5, 2],
    to: [3],
  },
  reshape: { layer: reshape([3, 4]), from: [2, 6], to: [3, 4] },
  upsample2d: { layer: upsample2d(2, [5, 6]), from: [2, 3, 3], to: [2, 5, 6] },
};

const ROWS = 2;

function applied({ layer, from }: LayerCase) {
  const x = input('x', ['N', ...from]);
  const source = random(2, 'layers');
  const data = Float32Array.from({ length: ROWS * sizeOf(from) }, () => 2 * source.uniform() - 1);
  const feeds = new Map([[x, { dtype: 'float32', shape: [ROWS, ...from], data } as const]]);
  return { x, y: layer(x, evaluationContext()), feeds };
}

/** Shape of a row, without the number of rows. */
function rowShape({ shape }: Value): Shape {
  expect(shape[0]).not.toBeTypeOf('number');
  return shape.slice(1);
}

describe.each(Object.keys(LAYERS) as LayerName[])('layer %s', (name) => {
  it('has the expected shape, and the values and gradients of TensorFlow.js', async () => {
    const { x, y, feeds } = applied(CASES[name]);
    expect(rowShape(y)).toEqual(CASES[name].to);
    const [values] = await inOnnxruntime([y], feeds, initialWeights([y]));
    expect(values).toHaveLength(ROWS * sizeOf(CASES[name].to));
    expect(relativeError(values!, (await inTfjs([y], feeds))[0]!)).toBeLessThan(1e-5);
    const target = reduceSum(square(y));
    const ours = gradients(target, [x]);
    const [actual] = await inOnnxruntime(ours, feeds, initialWeights(ours));
    const [expected] = await tfjsGradients(target, [x], feeds);
    expect(relativeError(actual!, expected!)).toBeLessThan(1e-4);
  });
});

/** Modules that create no layers. */
const NO_LAYERS = [
  'activations',
  'corruption',
  'initializers',
  'layer',
  'linear',
  'normalization',
  'normalizations',
  'orthogonal',
  'registry',
  'tiling',
];

it('the registry lists the layers of every file of the folder', async () => {
  const folder = join(import.meta.dirname, '../../../training/layers');
  const listed = new Set<unknown>(Object.values(LAYERS).map(({ create }) => create));
  for (const file of readdirSync(folder)) {
    const exported = Object.values(await import(join(folder, file)));
    const makesLayers = !NO_LAYERS.includes(file.replace('.ts', ''));
    expect([file, exported.some((each) => listed.has(each))]).toEqual([file, makesLayers]);
  }
});
