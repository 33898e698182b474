/** Running a model for an operation. */
import type { Manifest } from '../../shared/manifest.ts';
import { assertFinite, matrixOf, RowError } from '../../shared/tensor.ts';
import type { RequestVariables } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { runTimer } from '../telemetry/record.ts';
import type { RunningModel } from './operation.ts';

/**
 * Returns a model that times its runs. `start` is the position in the request of the first row of this piece.
 */
export function runningModel(
  { models, record, vectors }: Pick<RequestVariables, 'models' | 'record' | 'vectors'>,
  manifest: Manifest,
  start = 0,
): RunningModel {
  return {
    manifest,
    vectors,
    run: async (graph, inputs, outputs) => {
      const timer = runTimer(record);
      const answers = await models.run(manifest, graph, inputs, outputs, timer.started);
      timer.ended();
      for (const name of outputs) {
        const tensor = answers[name];
        if (tensor.dtype !== 'float32') continue;
        try {
          assertFinite(matrixOf(tensor));
        } catch (cause) {
          throw resultNotFinite(cause, start);
        }
      }
      return answers;
    },
  };
}

/** An overflow of the model is an error in JSON and in bytes: JSON has no infinities, and would hold null. */
function resultNotFinite(cause: unknown, start: number): unknown {
  if (!(cause instanceof RowError)) return cause;
  const row = start + cause.row;
  const detail = `The result for row ${row} is not finite: its values are too far from the training data.`;
  return new ProblemError('result-not-finite', { detail, received: cause.received, row }, { cause });
}
