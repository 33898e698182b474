import { expect, it } from 'vitest';
import { forecasterMetrics } from '../../../training/evaluate/baselines/forecasters.ts';
import { detectionAndAlarmMetrics } from '../../../training/evaluate/metrics/alarms.ts';
import { labelledScores } from '../../../training/evaluate/metrics/labelledScores.ts';
import { sequence } from '../../../training/models/sequence.ts';

it('alarms are counted against the known anomalies', () => {
  const scores = [1, 2, 3, 4, 5];
  const labels = { classes: ['normal', 'odd'], anomalous: ['odd'], rows: [0, 0, 1, 0, 1] };
  const detected = labelledScores(scores, labels);
  expect(detectionAndAlarmMetrics(detected, 3.5)).toMatchObject({
    'alarm-accuracy': 3 / 5,
    'alarm-precision': 1 / 2,
    'alarm-recall': 1 / 2,
    'roc-auc': 5 / 6,
  });
  expect(detectionAndAlarmMetrics(detected, 9)).toMatchObject({ 'alarm-precision': 1, 'alarm-recall': 0 });
  expect(Object.keys(detectionAndAlarmMetrics(detected))).not.toContain('alarm-recall');
});

it('forecasts are compared with the last step, and with a linear function of all steps', async () => {
  // Two channels: one rises by a constant step, the other stays constant.
  const rows = (count: number, offset: number) => {
    const data = Float32Array.from({ length: count * 8 }, (_, i) => {
      const [row, step, channel] = [Math.floor(i / 8) + offset, Math.floor((i % 8) / 2), i % 2];
      return channel === 0 ? 3 * Math.sin(row) + step * Math.cos(7 * row) : row % 5;
    });
    return { data, rowCount: count, width: 8 };
  };
  const model = sequence.build(sequence.config.parse({ units: 2, codeSize: 2, horizon: 1 }), 8, 1, [4, 2]);
  const test = rows(30, 500);
  const { persistence, linear } = await forecasterMetrics(model, 2, rows(500, 0), test);
  const squares = Array.from({ length: 30 }, (_, row) => Math.cos(7 * (row + 500)) ** 2);
  expect(persistence!.mse).toBeCloseTo(squares.reduce((sum, square) => sum + square, 0) / 60, 4);
  expect(linear!.mse).toBeLessThan(1e-3);
});
