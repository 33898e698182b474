/** A model as operations run it. */
import type { Manifest } from '../../shared/manifest.ts';
import { assertFinite, matrixOf, RowError } from '../../shared/tensor.ts';
import type { RequestVariables } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { runTimer } from '../telemetry/record.ts';
import type { RunningModel } from './operation.ts';

/** Runs graphs on a piece of the request's rows, the first of which is number `start` there, and times them. */
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

/** JSON has no infinities (it would say null), so a model that overflows must be an error in both forms. */
function resultNotFinite(cause: unknown, start: number): unknown {
  if (!(cause instanceof RowError)) return cause;
  const row = start + cause.row;
  const detail = `The model's answer for row ${row} is not finite; its values are too far from the training data.`;
  return new ProblemError('result-not-finite', { detail, received: cause.received, row }, { cause });
}
