import type { Manifest } from '../../../shared/manifest.ts';
import type { Labels } from '../../../training/data/dataset.ts';
import { STANDARD_ERRORS } from './data/columnGate.ts';
import type { ModelGate, ModelInput } from './gate.ts';

/**
 * Detects labels that were mixed up: however a model is trained, neither it nor a regression on the columns can agree
 * with them. If the world has changed instead, what was fitted to its rows agrees with them as the champion's did.
 */
export const labels: ModelGate = {
  summary:
    "what was fitted to the challenger's rows (model, predictor, logistic regression on all columns) agrees with the labels at most this less than the same of the champion with its own, in accuracy or area under the ROC curve of the test rows",
  limit: 0.03,
  judge: (input, limit) => {
    const judged = AGREEMENTS.flatMap(({ of, rarer, name }) => {
      const [before, now] = [input.champion, input.challenger].map(
        (version) => version && of(version, input),
      );
      const share = rarer ? rarerShare(input.prepared.data.labels) : 1;
      if (before === undefined || now === undefined || share === undefined) return [];
      const variance = (value: number, { data }: Manifest) =>
        (value * (1 - value)) / (share * data.rows.test);
      const noise = Math.sqrt(variance(before, input.champion!) + variance(now, input.challenger));
      const threshold = Math.max(limit, STANDARD_ERRORS * noise);
      return [{ name, before, now, figure: before - now, threshold }];
    });
    if (judged.length === 0) return undefined;
    const worst = judged.reduce((a, b) => (b.figure / b.threshold > a.figure / a.threshold ? b : a));
    const { name, before, now, figure, threshold } = worst;
    const column = input.prepared.data.labels?.name;
    return {
      passed: judged.every((each) => each.figure <= each.threshold),
      figures: `${name} ${now.toFixed(3)}, that of the champion ${before.toFixed(3)} with its own labels; at most ${threshold.toFixed(3)} less`,
      figure,
      threshold,
      ...(column !== undefined && { column }),
    };
  },
};

interface AgreementKind {
  readonly name: string;
  readonly of: (version: Manifest, input: ModelInput) => number | undefined;
  /** True for areas under the ROC curve, whose variance depends on the rarer class (at most so; Birnbaum, 1956). */
  readonly rarer: boolean;
}

const AGREEMENTS: readonly AgreementKind[] = [
  {
    name: 'accuracy of the predictor',
    of: ({ metrics, prediction }, { challenger }) =>
      prediction?.target === challenger.prediction?.target
        ? metrics[`${prediction?.predictor}-accuracy`]
        : undefined,
    rarer: false,
  },
  {
    name: 'accuracy by all columns',
    of: ({ baselines }) => baselines['all-columns']?.['logistic-accuracy'],
    rarer: false,
  },
  {
    name: 'ROC AUC by all columns',
    of: ({ baselines }) => baselines['all-columns']?.['logistic-roc-auc'],
    rarer: true,
  },
  { name: 'ROC AUC of the scores', of: ({ metrics }) => metrics['roc-auc'], rarer: true },
];

/** Share of the rarer of two kinds of labels: anomalies and others, or two classes; undefined for more classes. */
function rarerShare(own: Labels | undefined): number | undefined {
  if (own === undefined) return undefined;
  const { classes, anomalous = classes.length === 2 ? classes.slice(1) : undefined } = own;
  if (anomalous === undefined) return undefined;
  const known = Array.from(own.rows, (label) => classes[label]).filter((each) => each !== undefined);
  const share = known.filter((each) => anomalous.includes(each)).length / known.length;
  return Math.min(share, 1 - share);
}
