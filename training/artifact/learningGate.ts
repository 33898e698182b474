/** The check that training has improved the model at all. */
import { GateError } from '../../shared/errors.ts';

/** Errors of a trained model that are this many times those of the untrained network come from divergence. */
const MOST_TIMES = 10;

type Metrics = Readonly<Record<string, number>>;

/**
 * @throws {GateError} if the error on the test rows is not finite, or many times that of the untrained
 * network: the loss stayed finite, but training diverged.
 */
export function requireLearned(
  metrics: Metrics,
  baselines: Readonly<Record<string, Metrics>>,
  learningRate: unknown,
): void {
  const [own, untrained] = [metrics.mse, baselines.untrained?.mse];
  if (own === undefined || untrained === undefined) return;
  if (own <= MOST_TIMES * untrained) return;
  throw new GateError(
    `training diverged: expected an error on the test rows of at most ${MOST_TIMES} times that of the untrained network, ${untrained.toPrecision(4)}, received ${own.toPrecision(4)}; lower the learning rate (learningRate is ${learningRate}: --set learningRate=0.001) or clip gradients (--set clipNorm=1). No artifact was written`,
  );
}
