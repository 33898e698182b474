import { expect, it } from 'vitest';
import { alarmMetrics, outOfTheOrdinary } from '../../training/evaluate/alarms.ts';
import { forecasterMetrics } from '../../training/evaluate/forecasters.ts';
import { sequence } from '../../training/models/sequence.ts';

it('alarms are counted against what is out of the ordinary', () => {
  const errors = Float32Array.of(1, 2, 3, 4, 5);
  const isOut = Uint8Array.of(0, 0, 1, 0, 1);
  expect(alarmMetrics(errors, isOut, 3.5)).toEqual({
    'alarm-accuracy': 3 / 5,
    'alarm-precision': 1 / 2,
    'alarm-recall': 1 / 2,
    'alarm-roc-auc': 5 / 6,
  });
  expect(alarmMetrics(errors, isOut, 9)).toMatchObject({ 'alarm-precision': 1, 'alarm-recall': 0 });
});

it('what is ordinary is one of the classes, where the data says so', () => {
  const labels = { classes: ['x', 'y', 'z'], rows: [1, 0, 2, 1] };
  expect(outOfTheOrdinary({ ...labels, ordinary: 'y' })).toEqual(Uint8Array.of(0, 1, 1, 0));
  expect(outOfTheOrdinary(labels)).toBeUndefined();
});

it('forecasts are compared with the last step, and with a linear function of all steps', async () => {
  // Of two channels, the one goes up by its own step, the other stands still.
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
