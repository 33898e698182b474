import { describe, expect, test, vi } from 'vitest';
import { createDrift } from '../../edge/telemetry/drift.ts';
import { DriftSummary } from '../../shared/adminApi.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { normals } from '../../shared/normal.ts';
import { linearArtifact } from '../support/artifacts/linearArtifact.ts';

interface Statistics {
  readonly mean: readonly (number | null)[];
  readonly standardDeviation: readonly (number | null)[];
}

/** A model that was trained on rows with these statistics. */
function trainedOn({ mean, standardDeviation }: Statistics, name = 'linear'): Manifest {
  const { manifest } = linearArtifact({ name });
  const { features, reconstructionError } = manifest;
  const statistics = { ...features.statistics, mean: [...mean], standardDeviation: [...standardDeviation] };
  return {
    ...manifest,
    features: { ...features, count: mean.length, names: null, statistics },
    reconstructionError: { ...reconstructionError, mean: 2, standardDeviation: 0.5 },
  };
}

const trained = trainedOn({ mean: [10, -3, 0.5], standardDeviation: [2, 1, 0.25] });

/** Mean and standard deviation in two passes. */
function statisticsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

test('nothing has been seen', () => {
  const summary = createDrift().summary(trained);
  expect(summary).toEqual({ rows: 0, score: null, features: [], categories: [], reconstructionError: null });
});

test.each([1, 3, 4, 5, 15, 16])(
  '%i rows a call have the mean and variance of all their values',
  (rowCount) => {
    const drift = createDrift();
    const columns: number[][] = [[], [], []];
    for (let call = 0; call < 10; call++) {
      const data = normals(call, 'rows', rowCount * 3).map((value, i) => value * 3 + [9, -2, 0.75][i % 3]!);
      for (const [i, value] of data.entries()) columns[i % 3]!.push(value);
      drift.observeRows(trained, data, rowCount, 3);
    }
    const { features, rows, score } = DriftSummary.parse(drift.summary(trained));
    expect(rows).toBe(10 * rowCount);
    const shifts = columns.map((values, column) => {
      const { mean, variance } = statisticsOf(values);
      const seen = features.find(({ feature }) => feature === column)!;
      const deviation = [2, 1, 0.25][column]!;
      const shift = Math.abs(mean - [10, -3, 0.5][column]!) / deviation;
      expect(seen.mean).toBeCloseTo(mean, 10);
      expect(seen.standardDeviation).toBeCloseTo(Math.sqrt(variance), 10);
      expect(seen.shift).toBeCloseTo(shift, 10);
      expect(seen.varianceRatio).toBeCloseTo(variance / deviation ** 2, 10);
      return Math.min(1, shift);
    });
    expect(score).toBeCloseTo(statisticsOf(shifts).mean, 10);
  },
);

test('rows as in training score about what chance gives, and moved rows what they have moved', () => {
  const width = 200;
  const standard = trainedOn({ mean: new Array(width).fill(0), standardDeviation: new Array(width).fill(1) });
  const scoreOf = (move: number) => {
    const drift = createDrift();
    for (let call = 0; call < 25; call++) {
      drift.observeRows(
        standard,
        normals(call, 'x', 16 * width).map((value) => value + move),
        16,
        width,
      );
    }
    return drift.summary(standard).score!;
  };
  // The mean of |N(0, 1)| is sqrt(2 / pi), about 0.8; of 200 of them, within 5 of its own deviations.
  expect(scoreOf(0) * Math.sqrt(400)).toBeGreaterThan(Math.sqrt(2 / Math.PI) - 0.22);
  expect(scoreOf(0) * Math.sqrt(400)).toBeLessThan(Math.sqrt(2 / Math.PI) + 0.22);
  expect(scoreOf(0.5)).toBeCloseTo(0.5, 1);
  expect(scoreOf(7)).toBe(1);
});

test('of many rows, some are taken from everywhere among them', () => {
  const drift = createDrift();
  const rowCount = 1000;
  const data = Float32Array.from({ length: 3 * rowCount }, (_, i) => Math.floor(i / 3));
  drift.observeRows(trained, data, rowCount, 3);
  const { rows, features } = drift.summary(trained);
  const { mean, variance } = statisticsOf(Array.from({ length: 16 }, (_, i) => 62 * i));
  expect(rows).toBe(16);
  expect(features[0]?.mean).toBeCloseTo(mean, 10);
  expect(features[0]?.standardDeviation).toBeCloseTo(Math.sqrt(variance), 9);
});

test('missing values are left out, and counted', () => {
  const drift = createDrift();
  const { NaN: none } = Number;
  drift.observeRows(
    trained,
    Float32Array.of(10, none, 1, 12, none, 1, none, none, 1, 14, none, 1, none, none, 1),
    5,
    3,
  );
  const { features } = DriftSummary.parse(drift.summary(trained));
  expect(features.map(({ feature, mean, missing }) => [feature, mean, missing])).toEqual([
    [2, 1, 0],
    [0, 12, 0.4],
  ]);
});

describe('features without a deviation', () => {
  const manifest = trainedOn({ mean: [null, 5, 5, 0], standardDeviation: [null, 0, 0, 1] });

  test('categories are left out, constants count where they have changed', () => {
    const drift = createDrift();
    drift.observeRows(manifest, Float32Array.of(1, 5, 5, 0, 1, 5, 6, 0), 2, 4);
    const { features, score } = DriftSummary.parse(drift.summary(manifest));
    expect(features).toEqual([
      { feature: 2, mean: 5.5, standardDeviation: 0.5, shift: null, varianceRatio: null, missing: 0 },
      { feature: 1, mean: 5, standardDeviation: 0, shift: 0, varianceRatio: 1, missing: 0 },
      { feature: 3, mean: 0, standardDeviation: 0, shift: 0, varianceRatio: 0, missing: 0 },
    ]);
    expect(score).toBeCloseTo(1 / 3, 12);
  });

  test('a constant that float32 rounds has not changed', () => {
    const rounded = trainedOn({ mean: [0.1, 123456.789], standardDeviation: [0, 0] });
    const drift = createDrift();
    drift.observeRows(rounded, Float32Array.of(0.1, 123456.789), 1, 2);
    expect(drift.summary(rounded).score).toBe(0);
  });
});

test('reports the features that moved most, by name', () => {
  const { manifest } = linearArtifact();
  const drift = createDrift();
  drift.observeRows(manifest, Float32Array.of(0, 3, 1, 0, 2, 0), 1, 6);
  expect(
    drift
      .summary(manifest)
      .features.slice(0, 3)
      .map(({ feature }) => feature),
  ).toEqual(['b', 'e', 'c']);
});

test('the reconstruction error shifts by its own deviations', () => {
  const drift = createDrift();
  drift.observeErrors(trained, Float32Array.of(2.5, 3.5));
  drift.observeErrors(trained, Float32Array.of(3));
  const { rows, mean, standardDeviation, shift } = drift.summary(trained).reconstructionError!;
  const expected = statisticsOf([2.5, 3.5, 3]);
  expect([rows, mean, shift]).toEqual([3, 3, 2]);
  expect(standardDeviation).toBeCloseTo(Math.sqrt(expected.variance), 12);
});

test('what was long ago counts less and less', () => {
  const drift = createDrift();
  const feed = (value: number, calls: number) => {
    for (let call = 0; call < calls; call++)
      drift.observeRows(trained, new Float32Array(48).fill(value), 16, 3);
  };
  feed(10, 10_000);
  expect(drift.summary(trained).features.find(({ feature }) => feature === 0)?.mean).toBe(10);
  feed(20, 5000);
  const { rows, features } = DriftSummary.parse(drift.summary(trained));
  expect(rows).toBeLessThanOrEqual(20_000);
  // 80,000 new rows after 160,000 old ones, of which no more than a few hundred still count.
  expect(features.find(({ feature }) => feature === 0)?.mean).toBeGreaterThan(19.9);
});

test('many wide models: those that were not asked for longest start again', () => {
  const drift = createDrift();
  const wide = { mean: new Array(50_000).fill(0), standardDeviation: new Array(50_000).fill(1) };
  const manifests = ['a', 'b', 'c', 'd', 'e'].map((name) => trainedOn(wide, name));
  const row = new Float32Array(50_000);
  for (const manifest of manifests.slice(0, 4)) drift.observeRows(manifest, row, 1, 50_000);
  drift.observeRows(manifests[0]!, row, 1, 50_000);
  drift.observeRows(manifests[4]!, row, 1, 50_000);
  expect(manifests.map((manifest) => drift.summary(manifest).rows)).toEqual([2, 0, 1, 1, 1]);
});

test('models in use are reported every ten seconds', () => {
  vi.useFakeTimers({ now: 0 });
  const reports: [number, string, number][] = [];
  const drift = createDrift(({ name }, { rows }) => reports.push([Date.now(), name, rows]));
  for (const now of [0, 9999, 10_000, 15_000, 20_001]) {
    vi.setSystemTime(now);
    drift.observeRows(trained, new Float32Array(3), 1, 3);
  }
  expect(reports).toEqual([
    [10_000, 'linear', 3],
    [20_001, 'linear', 5],
  ]);
  vi.useRealTimers();
});

test('models in use are reported again after the clock was set back', () => {
  vi.useFakeTimers({ now: 3_600_000 });
  const reports: number[] = [];
  const drift = createDrift(() => reports.push(Date.now()));
  for (const now of [3_600_000, 0, 5000, 10_000]) {
    vi.setSystemTime(now);
    drift.observeRows(trained, new Float32Array(3), 1, 3);
  }
  expect(reports).toEqual([0, 10_000]);
  vi.useRealTimers();
});

test('costs a small part of checking the same numbers', () => {
  const width = 784;
  const manifest = trainedOn({
    mean: new Array(width).fill(0.3),
    standardDeviation: new Array(width).fill(0.3),
  });
  const drift = createDrift();
  const data = normals(1, 'cost', 64 * width);
  const fastest = (work: () => unknown) => {
    let best = Infinity;
    for (let round = 0; round < 30; round++) {
      const start = performance.now();
      for (let i = 0; i < 20; i++) work();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  const text = JSON.stringify(Array.from(data.subarray(0, 4 * width)));
  // Parsing one sixteenth of the same request: what drift costs is below it.
  expect(fastest(() => drift.observeRows(manifest, data, 64, width))).toBeLessThan(
    fastest(() => JSON.parse(text)),
  );
});
