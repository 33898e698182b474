import { describe, expect, it } from 'vitest';
import { confidenceOf, pValueOf } from '../../../shared/conformal.ts';
import { random } from '../../../shared/random.ts';
import { anomalyLabels, labelColumn } from '../../../training/data/anomalyLabels.ts';
import { rocAuc } from '../../../training/estimators/scores.ts';
import {
  calibrationOf,
  requireCalibrated,
  thresholdAt,
} from '../../../training/evaluate/metrics/calibration.ts';
import {
  averagePrecision,
  detectionMetrics,
  type OperatingCurve,
  precisionAtN,
  precisionRecallCurve,
  rocCurve,
} from '../../../training/evaluate/metrics/detection.ts';
import { labelledScores } from '../../../training/evaluate/metrics/labelledScores.ts';
import { tableOf } from '../../support/data/tables.ts';

/** Scores on a coarse scale, so that there are ties within classes and between them. */
function tied(rowCount: number) {
  const source = random(4, 'detection');
  const classes = Array.from({ length: rowCount }, () => Number(source.uniform() < 0.2));
  return { classes, scores: classes.map((own) => own + source.integer(6)) };
}

function areaUnder({ points }: OperatingCurve): number {
  return points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i]![0]) * (y + points[i]![1])) / 2, 0);
}

describe('detection metrics', () => {
  // The example of scikit-learn's documentation of average_precision_score and roc_auc_score.
  const [scores, classes] = [[0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]]; // biome-ignore format: columns

  it("are scikit-learn's", () => {
    expect(detectionMetrics(scores, classes)).toEqual({
      'roc-auc': 0.75,
      'average-precision': expect.closeTo(0.8333333333333333, 12),
      'precision-at-n': 0.5,
    });
    // average_precision_score([1, 0, 1, 0, 1, 0, 0, 0], [3, 3, 2, 2, 2, 1, 1, 0])
    const ties = { classes: [1, 0, 1, 0, 1, 0, 0, 0], scores: [3, 3, 2, 2, 2, 1, 1, 0] };
    expect(averagePrecision(ties.scores, ties.classes)).toBeCloseTo((1 / 3) * 0.5 + (2 / 3) * 0.6, 12);
  });

  it('do not depend on the order of rows with equal scores', () => {
    const { scores, classes } = tied(300);
    const order = Array.from(scores.keys()).sort((a, b) => classes[a]! - classes[b]!);
    for (const rows of [order, order.toReversed()]) {
      const turned = detectionMetrics(
        rows.map((row) => scores[row]!),
        rows.map((row) => classes[row]!),
      );
      for (const [name, value] of Object.entries(detectionMetrics(scores, classes)))
        expect(turned[name]).toBeCloseTo(value, 12);
    }
  });

  it('of uninformative scores are those of chance', () => {
    const same = classes.map(() => 7);
    expect(detectionMetrics(same, classes)).toEqual({
      'roc-auc': 0.5,
      'average-precision': 0.5,
      'precision-at-n': 0.5,
    });
    expect(precisionAtN([3, 2, 2, 2, 1], [0, 1, 0, 0, 1])).toBeCloseTo(1 / 3 / 2, 12);
  });

  it('are the areas under their curves', () => {
    const { scores, classes } = tied(300);
    const roc = rocCurve(scores, classes);
    expect(areaUnder(roc)).toBeCloseTo(rocAuc(scores, classes), 12);
    expect([roc.points[0], roc.points.at(-1)]).toEqual([
      [0, 0],
      [1, 1],
    ]);
    // Average precision is the area under steps, each as high as its end.
    const { points } = precisionRecallCurve(scores, classes);
    const steps = points.slice(1).reduce((sum, [x, y], i) => sum + (x - points[i]![0]) * y, 0);
    expect(steps).toBeCloseTo(averagePrecision(scores, classes), 12);
  });
});

describe('labels of anomalies', () => {
  it('come from a column with a known name, whose rarer value marks anomalies', () => {
    const table = tableOf({ y: [1, 0, 0, null, 0], x: [5, 6, 7, 8, 9] });
    const labels = anomalyLabels(labelColumn(table)!)!;
    expect(labels).toEqual({
      name: 'y',
      classes: ['0', '1'],
      rows: [1, 0, 0, -1, 0],
      anomalous: ['1'],
      reason: 'it is the rarer value',
    });
    expect(labelledScores([9, 1, 2, 3, 4], labels)).toEqual({ scores: [9, 1, 2, 4], classes: [1, 0, 0, 0] });
    expect(labelColumn(tableOf({ x: [1, 2] }))).toBeUndefined();
  });

  it('come from columns whose names may be longer', () => {
    const named = (name: string) => labelColumn(tableOf({ [name]: [0, 1] }))?.name;
    for (const name of ['is_fraud', 'isFraud', 'Is Anomaly', 'ground_truth', 'ATTACK'])
      expect(named(name)).toBe(name);
    for (const name of ['fraudulent', 'yield', 'history', 'is']) expect(named(name)).toBeUndefined();
  });

  it('may be words, and mark no anomalies if there are more than two classes', () => {
    const words = anomalyLabels(labelColumn(tableOf({ Label: ['ok', 'ok', 'bad'] }))!)!;
    expect([words.classes, words.anomalous]).toEqual([['bad', 'ok'], ['bad']]);
    const three = anomalyLabels(labelColumn(tableOf({ class: ['a', 'b', 'c'] }))!)!;
    expect(three.anomalous).toBeUndefined();
    expect(labelledScores([1, 2, 3], three)).toBeUndefined();
    expect(labelColumn(tableOf({ target: Array.from({ length: 200 }, (_, i) => i / 7) }))).toBeUndefined();
  });
});

describe('calibration', () => {
  const source = random(8, 'calibration');
  const scores = Float32Array.from({ length: 5000 }, () => source.integer(100_000) ** 2);
  const calibration = calibrationOf(scores);
  const atLeast = (score: number) => scores.filter((each) => each >= score).length;

  it('keeps few scores, and gives p-values that are at most 1 % too large and never too small', () => {
    expect(calibration.scores.length).toBeLessThan(600);
    for (const score of [-1, 0, ...scores.subarray(0, 300), 1e9, 1e10 - 1, 1e11]) {
      const exact = (1 + atLeast(score)) / 5001;
      const ratio = pValueOf(score, calibration) / exact;
      expect(ratio).toBeGreaterThanOrEqual(1);
      expect(ratio).toBeLessThan(1.011);
      if (exact < 100 / 5001) expect(ratio).toBe(1);
    }
  });

  it.each([0.5, 0.26, 0.2, 0.1, 0.05])('calls rows with a p-value of at most %d anomalous', (share) => {
    const few = calibrationOf(Float32Array.from({ length: 19 }, (_, i) => i));
    const threshold = thresholdAt(share, few);
    for (let score = -1; score < 20; score += 0.5)
      expect([score, score > threshold]).toEqual([score, pValueOf(score, few) <= share + 1e-12]);
  });

  it('refuses a rate that is too low for so few rows', () => {
    expect(() => requireCalibrated(0.05, 19)).not.toThrow();
    expect(() => requireCalibrated(null, 1)).not.toThrow();
    expect(() => requireCalibrated(0.05, 18)).toThrow(
      /at least 1 \/ \(validation rows \+ 1\) = 0\.0526, received 0\.05/,
    );
  });

  it('gives a p-value of at most p to a share p of rows like those of the calibration', () => {
    const drawn = Array.from({ length: 20_000 }, () => pValueOf(source.integer(100_000) ** 2, calibration));
    for (const p of [0.01, 0.05, 0.3, 0.7])
      expect(drawn.filter((each) => each <= p).length / drawn.length).toBeLessThan(1.2 * p + 0.003);
  });

  it('makes a verdict less certain the closer the threshold is', () => {
    const threshold = thresholdAt(0.05, calibration);
    const at = (factor: number) => confidenceOf(threshold * factor, threshold, calibration);
    expect([at(0.2), at(0.7), at(0.99)]).toEqual([at(0.2), at(0.7), at(0.99)].sort((a, b) => b - a));
    expect([at(0.2) > 0.999, at(1.08) > 0.999, Math.abs(at(1) - 0.5) < 0.1]).toEqual([true, true, true]);
  });
});
