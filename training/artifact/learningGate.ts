/** The check that training has improved the model at all. */
import { GateError } from '../../shared/errors.ts';

/** Errors of a trained model that are this many times those of the untrained network come from divergence. */
const MOST_TIMES = 10;

type Metrics = Readonly<Record<string, number>>;

export interface GateOptions {
  readonly learningRate: unknown;
  /** True to keep a model that has learned nothing. */
  readonly force: boolean;
}

/**
 * Checks that the error on the test rows is finite, and not many times that of the untrained network: otherwise
 * training diverged, although the loss stayed finite. With `force`, returns the reason to refuse the model.
 * @throws {GateError} without `force`.
 */
export function requireLearned(
  metrics: Metrics,
  baselines: Readonly<Record<string, Metrics>>,
  { learningRate, force }: GateOptions,
): string | undefined {
  const [own, untrained] = [metrics.mse, baselines.untrained?.mse];
  if (own === undefined || untrained === undefined) return undefined;
  if (own <= MOST_TIMES * untrained) return undefined;
  const reason = `training diverged: expected an error on the test rows of at most ${MOST_TIMES} times that of the untrained network, ${untrained.toPrecision(4)}, received ${own.toPrecision(4)}`;
  if (force) return reason;
  throw new GateError(
    `${reason}; lower the learning rate (learningRate is ${learningRate}: --set learningRate=0.001) or clip gradients (--set clipNorm=1). No artifact was written; --force keeps the model, marked as refused`,
  );
}
