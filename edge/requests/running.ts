/** Running a model for an operation. */
import type { Manifest } from '../../shared/manifest.ts';
import { type Matrix, matrixOf } from '../../shared/tensor.ts';
import type { RequestVariables } from '../environment.ts';
import { enter } from '../inFlight.ts';
import { ProblemError } from '../problems.ts';
import { runTimer } from '../telemetry/record.ts';
import type { RunningModel } from './operation.ts';
import { rowCountOf } from './rows/batch.ts';
import type { RefuseRow } from './rows/faults.ts';

/** The parts of a request that do not depend on the door. */
export type Shared = Pick<
  RequestVariables,
  'models' | 'limits' | 'record' | 'drift' | 'vectors' | 'inFlight' | 'rowLog' | 'shadowing'
>;

/** The rows of a run within their request. */
export interface RunRange {
  /** The position of the first row in the request. */
  readonly start: number;
  /** Hears of rows of the request whose results are not finite. */
  readonly refuse: RefuseRow;
}

/** Returns a model that times its runs, counts the rows that wait for them, and checks their results. */
export function runningModel(
  { models, record, vectors, inFlight, limits }: Shared,
  manifest: Manifest,
  range: RunRange,
): RunningModel {
  let isAdmitted = range.start > 0;
  return {
    manifest,
    vectors,
    run: async (graph, inputs, outputs, mayOverflow = []) => {
      const leave = enter(inFlight, rowCountOf(inputs), limits, !isAdmitted);
      isAdmitted = true;
      const timer = runTimer(record);
      const answers = await models.run(manifest, graph, inputs, outputs, timer.started).finally(leave);
      timer.ended();
      for (const name of outputs) {
        const tensor = answers[name];
        if (tensor.dtype === 'float32' && !mayOverflow.includes(name))
          refuseNotFinite(matrixOf(tensor), range);
      }
      return answers;
    },
  };
}

/**
 * An overflow of the model is a problem in JSON and in bytes: JSON has no infinities, and would hold null.
 */
export function refuseNotFinite({ data, width }: Matrix, { start, refuse }: RunRange): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const at = Math.floor(i / width);
    const row = start + at;
    const detail = `The result for row ${row} is not finite: its values are too far from the training data.`;
    refuse(row, new ProblemError('result-not-finite', { detail, received: String(data[i]), row }));
    i = (at + 1) * width - 1;
  }
}
