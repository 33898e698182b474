import { percent } from '../../../training/report/format.ts';
import { STANDARD_ERRORS } from './data/columnGate.ts';
import type { ModelGate, ModelInput } from './gate.ts';

/**
 * Detects labels that were mixed up: however a model is trained, it cannot agree with them. If the world has changed
 * instead, the challenger has learned that, and agrees with its labels as the champion did with its own.
 */
export const labels: ModelGate = {
  summary:
    'the challenger agrees with its labels at most this less than the champion did with its own, in accuracy or area under the ROC curve, each on the rows that its training held out',
  limit: 0.03,
  judge: (input, limit) => {
    if (input.champion === undefined) return undefined;
    const measured = inAccuracy(input) ?? inDetection(input);
    if (measured === undefined) return undefined;
    const { before, now, noise, shown } = measured;
    const [figure, threshold] = [before - now, Math.max(limit, noise)];
    return {
      passed: figure <= threshold,
      figures: `${measured.metric} ${shown(now)}, the champion ${shown(before)} with the labels of its own test rows; at most ${shown(threshold)} less`,
      figure,
      threshold,
      ...(measured.column !== undefined && { column: measured.column }),
    };
  },
};

interface Agreement {
  readonly metric: string;
  readonly before: number;
  readonly now: number;
  /** The difference that chance explains. */
  readonly noise: number;
  readonly shown: (value: number) => string;
  readonly column: string | undefined;
}

function inAccuracy({ challenger, champion }: ModelInput): Agreement | undefined {
  const of = ({ prediction, metrics, data: { rows } }: typeof challenger) => {
    const value = metrics[`${prediction?.predictor}-accuracy`];
    return value === undefined ? undefined : { value, variance: (value * (1 - value)) / rows.test };
  };
  const { prediction } = challenger;
  if (prediction?.target !== champion!.prediction?.target) return undefined;
  return agreement('accuracy', [of(champion!), of(challenger)], percent, prediction?.target);
}

function inDetection({ challenger, champion, prepared: { data } }: ModelInput): Agreement | undefined {
  const { labels: own } = data;
  if (own?.anomalous === undefined) return undefined;
  const known = Array.from(own.rows, (label) => own.classes[label]).filter((each) => each !== undefined);
  const share = known.filter((each) => own.anomalous!.includes(each)).length / known.length;
  const rarer = Math.min(share, 1 - share);
  const of = ({ metrics, data: { rows } }: typeof challenger) => {
    const value = metrics['roc-auc'];
    // Its largest variance (Birnbaum, 1956), by the rarer class.
    return value === undefined ? undefined : { value, variance: (value * (1 - value)) / (rarer * rows.test) };
  };
  const shown = (value: number) => value.toFixed(3);
  return agreement('roc-auc', [of(champion!), of(challenger)], shown, own.name);
}

type Estimate = { readonly value: number; readonly variance: number } | undefined;

function agreement(
  metric: string,
  [before, now]: readonly [Estimate, Estimate],
  shown: Agreement['shown'],
  column: string | undefined,
): Agreement | undefined {
  if (before === undefined || now === undefined) return undefined;
  const noise = STANDARD_ERRORS * Math.sqrt(before.variance + now.variance);
  return { metric, before: before.value, now: now.value, noise, shown, column };
}
