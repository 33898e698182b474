import { describe, expect, it } from 'vitest';
import { variablesOf } from '../../../training/graph/traverse.ts';
import { input } from '../../../training/graph/value.ts';
import { conv2d } from '../../../training/layers/conv2d.ts';
import { convTranspose2d } from '../../../training/layers/convTranspose2d.ts';
import { dense } from '../../../training/layers/dense.ts';
import { INITIALIZERS, type InitializerName } from '../../../training/layers/initializers.ts';
import { evaluationContext, type Layer } from '../../../training/layers/layer.ts';
import type { LinearOptions } from '../../../training/layers/linear.ts';
import { relativeError } from '../../support/training/evaluate.ts';

/** Variance according to each paper, from fan-in and fan-out. */
const VARIANCE: Readonly<Record<InitializerName, (fanIn: number, fanOut: number) => number>> = {
  glorot: (fanIn, fanOut) => 2 / (fanIn + fanOut),
  he: (fanIn) => 2 / fanIn,
  lecun: (fanIn) => 1 / fanIn,
};

interface LayerCase {
  readonly shape: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
  readonly byDefault: InitializerName;
  readonly make: (options: LinearOptions) => Layer;
}

/** The last two are each other's transposition: with a stride of 2, a pixel is in 9 / 4 windows of 3 x 3. */
const LAYERS: Readonly<Record<string, LayerCase>> = {
  dense: {
    shape: [300],
    fanIn: 300,
    fanOut: 100,
    byDefault: 'glorot',
    make: (options) => dense({ ...options, inputs: 300, units: 100 }).layer,
  },
  conv2d: {
    shape: [40, 8, 8],
    fanIn: 40 * 9,
    fanOut: (60 * 9) / 4,
    byDefault: 'he',
    make: (options) => conv2d({ ...options, channels: 40, filters: 60, kernel: 3, strides: [2, 2] }),
  },
  convTranspose2d: {
    shape: [60, 3, 3],
    fanIn: (60 * 9) / 4,
    fanOut: 40 * 9,
    byDefault: 'he',
    make: (options) => {
      const windows = { strides: [2, 2], outputPadding: [1, 1] } as const;
      return convTranspose2d({ ...options, ...windows, channels: 60, filters: 40, kernel: 3 });
    },
  },
};

function weightOf({ make, shape }: LayerCase, initializer?: InitializerName | null): Float32Array {
  const given = initializer === undefined ? {} : { initializer };
  const layer = make({ name: 'layer', activation: 'relu', seed: 1, ...given });
  const variables = variablesOf([layer(input('x', ['N', ...shape]), evaluationContext())]);
  return variables.find(({ name }) => name === 'layer/weight')!.initial;
}

describe.each(Object.entries(LAYERS))('%s', (_, layerCase) => {
  it.each(Object.keys(INITIALIZERS) as InitializerName[])(
    'starts with uniform weights that have the mean and variance of %s',
    (name) => {
      const weights = weightOf(layerCase, name);
      const variance = VARIANCE[name](layerCase.fanIn, layerCase.fanOut);
      const bound = Math.sqrt(3 * variance);
      const sum = (of: (weight: number) => number) => weights.reduce((total, each) => total + of(each), 0);
      expect(Math.abs(sum((each) => each) / weights.length)).toBeLessThan(
        5 * Math.sqrt(variance / weights.length),
      );
      // The variance of x^2 is 4/5 of its squared mean for a uniform x.
      const spread = Math.sqrt(0.8 / weights.length);
      expect(Math.abs(sum((each) => each ** 2) / weights.length / variance - 1)).toBeLessThan(5 * spread);
      const largest = weights.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
      expect(largest).toBeLessThanOrEqual(Math.fround(bound));
      expect(largest).toBeGreaterThan(0.999 * bound);
    },
  );

  it('has a default initializer', () => {
    const expected = [...weightOf(layerCase, layerCase.byDefault)];
    for (const weights of [weightOf(layerCase), weightOf(layerCase, null)]) {
      expect(relativeError([...weights], expected)).toBe(0);
    }
  });
});
