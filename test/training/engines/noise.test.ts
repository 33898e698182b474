import { describe, expect, it } from 'vitest';
import { evaluationProgress, feeder } from '../../../training/engines/feeds.ts';
import { fillNoise } from '../../../training/engines/noise.ts';
import type { NoiseDistribution } from '../../../training/graph/types.ts';
import { input, noise, scheduled } from '../../../training/graph/value.ts';

function draw(
  distribution: NoiseDistribution,
  at: { seed?: number; stream?: string; step?: number } = {},
  size = 50_001,
) {
  const values = new Float32Array(size);
  fillNoise(values, distribution, { seed: 1, stream: 'x', step: 0, ...at });
  return values;
}

function moments(values: Float32Array): [mean: number, variance: number, kurtosis: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const central = (power: number) =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return [mean, central(2), central(4) / central(2) ** 2];
}

describe('noise', () => {
  it('is uniform or normal, by its first four moments', () => {
    const [mean, variance, kurtosis] = moments(draw('uniform'));
    expect([mean, variance, kurtosis]).toEqual([0.5, 1 / 12, 1.8].map((v) => expect.closeTo(v, 1)));
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 50_001));
    const [center, spread, tails] = moments(draw('normal'));
    expect(Math.abs(center)).toBeLessThan(5 * Math.sqrt(1 / 50_001));
    expect(Math.abs(spread - 1)).toBeLessThan(5 * Math.sqrt(2 / 50_001));
    expect(Math.abs(tails - 3)).toBeLessThan(5 * Math.sqrt(24 / 50_001));
  });

  it.each(['uniform', 'normal'] as const)(
    '%s: the same for the same seed, stream and step, and different otherwise',
    (distribution) => {
      const first = draw(distribution);
      expect(draw(distribution)).toEqual(first);
      for (const other of [{ seed: 2 }, { stream: 'y' }, { step: 1 }, { step: 2 ** 32 }]) {
        const values = draw(distribution, other);
        expect(values).not.toEqual(first);
        const correlation =
          values.reduce((sum, value, i) => sum + (value - 0.5) * (first[i]! - 0.5), 0) / values.length;
        expect(Math.abs(correlation)).toBeLessThan(distribution === 'uniform' ? 0.005 : 0.3);
      }
    },
  );
});

describe('a feeder', () => {
  const inputs = [noise('epsilon', ['N', 3], 'normal'), scheduled('beta', ({ step }) => step / 10)];

  it('feeds schedules, and noise of the batch size', () => {
    const feed = feeder(inputs, 1, 'training');
    const feeds = feed(4, { step: 7, stepsPerEpoch: 10, epochs: 1 });
    expect(feeds.get('epsilon')!.shape).toEqual([4, 3]);
    expect(feeds.get('epsilon')!.data).toHaveLength(12);
    expect(feeds.get('beta')).toEqual({ shape: [], data: Float32Array.of(0.7) });
  });

  it('draws different noise for training and evaluation', () => {
    const [training, evaluation] = (['training', 'evaluation'] as const).map((stream) =>
      feeder(inputs, 1, stream)(4, evaluationProgress(0)).get('epsilon')!.data.slice(),
    );
    expect(training).not.toEqual(evaluation);
  });

  it('refuses an input that only the caller can feed', () => {
    const feed = feeder([input('labels', ['N'])], 1, 'training');
    expect(() => feed(1, evaluationProgress(0))).toThrow("input 'labels' has no source");
  });
});
