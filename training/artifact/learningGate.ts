/** The check that training has made something of the model. */
import { GateError, InterruptedError } from '../../shared/errors.ts';
import { trivialComparison } from '../evaluate/baselines/trivial.ts';
import type { MetricValues } from '../evaluate/metrics/metrics.ts';
import type { PredictorName } from '../predictors/registry.ts';
import type { ResolvedSettings } from '../settings.ts';

/** Errors of a trained model that are this many times those of the untrained network come from divergence. */
const MOST_TIMES = 10;

type Baselines = Readonly<Record<string, MetricValues>>;

export interface GateOptions {
  readonly settings: Pick<ResolvedSettings, 'training' | 'optimizer'>;
  readonly predictor: PredictorName | undefined;
  /** True to keep a model that is refused otherwise. */
  readonly force: boolean;
  /** True if training was interrupted, and can be resumed. */
  readonly interrupted: boolean;
}

interface Refusal {
  readonly reason: string;
  /** What to change, to continue a sentence. */
  readonly advice: string;
}

/**
 * Checks that the error on the test rows is finite, not many times that of the untrained network (training then
 * diverged, although the loss stayed finite), and not above that of an answer that needs no model: the mean of every
 * column, for recommenders the most popular items, for classes their frequencies. With `force`, returns the reason to
 * refuse the model.
 * @throws {GateError} without `force`, or an {InterruptedError} if training was interrupted.
 */
export function requireLearned(
  metrics: MetricValues,
  baselines: Baselines,
  { settings, predictor, force, interrupted }: GateOptions,
): string | undefined {
  const refusal =
    diverged(metrics, baselines, settings) ??
    worthless(metrics, baselines, settings) ??
    worthlessClassifier(metrics, baselines, predictor);
  if (refusal === undefined) return undefined;
  const { reason, advice } = refusal;
  if (force) return reason;
  if (interrupted) {
    throw new InterruptedError(
      `interrupted while ${reason}; --resume continues the run. No artifact was written; --force keeps the model, marked as refused`,
    );
  }
  throw new GateError(
    `${reason}; ${advice}. No artifact was written; --force keeps the model, marked as refused`,
  );
}

function diverged(
  metrics: MetricValues,
  baselines: Baselines,
  { optimizer: { learningRate } }: GateOptions['settings'],
): Refusal | undefined {
  const [own, untrained] = [metrics.mse, baselines.untrained?.mse];
  if (own === undefined || untrained === undefined || own <= MOST_TIMES * untrained) return undefined;
  return {
    reason: `training diverged: expected an error on the test rows of at most ${MOST_TIMES} times that of the untrained network, ${untrained.toPrecision(4)}, received ${own.toPrecision(4)}`,
    advice: `lower the learning rate (learningRate is ${learningRate}: --set learningRate=0.001) or clip gradients (--set clipNorm=1)`,
  };
}

function worthless(
  metrics: MetricValues,
  baselines: Baselines,
  { training: { epochs }, optimizer: { learningRate } }: GateOptions['settings'],
): Refusal | undefined {
  const compared = trivialComparison(metrics, baselines);
  if (compared === undefined) return undefined;
  const { metric, own, trivial, answer } = compared;
  const [isWorse, expected] =
    metric === 'mse'
      ? [!(own <= trivial), 'an error on the test rows of at most']
      : [!(own >= trivial), `${metric} on the test rows of at least`];
  if (!isWorse) return undefined;
  return {
    reason: `the model is worse than ${answer}: expected ${expected} ${trivial.toPrecision(4)}, as ${answer} has, received ${own.toPrecision(4)}`,
    advice: `train longer (epochs is ${epochs}: --set epochs=${2 * epochs}), change the learning rate (learningRate is ${learningRate}) or widen the code (--set codeSize=<number>); if none of them helps, nothing in these rows follows from anything else in them`,
  };
}

/** A classifier that is less often right and, as its probabilities tell, also knows less. */
function worthlessClassifier(
  metrics: MetricValues,
  baselines: Baselines,
  predictor: PredictorName | undefined,
): Refusal | undefined {
  const frequencies = baselines['majority-class'];
  if (predictor === undefined || frequencies === undefined) return undefined;
  const [accuracy, logLoss] = [`${predictor}-accuracy`, `${predictor}-log-loss`];
  const isWorse = metrics[accuracy]! < frequencies[accuracy]! && metrics[logLoss]! > frequencies[logLoss]!;
  if (!isWorse) return undefined;
  return {
    reason: `the classifier is worse than the frequencies of the classes: expected an accuracy on the test rows of at least ${frequencies[accuracy]!.toPrecision(4)}, as the most frequent class has, received ${metrics[accuracy]!.toPrecision(4)}`,
    advice:
      'train longer or widen the code, so that it holds what the classes depend on; if neither helps, the labels do not follow from the columns',
  };
}
