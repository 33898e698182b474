import * as z from 'zod';
import { ConditionLabel, FloatRows, NoQuery, OperationAnswer, UnseenMember } from '../../shared/api.ts';
import { type Matrix, unpackRows } from '../../shared/tensor.ts';
import { bodyOperation } from '../requests/operation.ts';
import { assertCount } from '../requests/rowLimit.ts';
import { decodeCodes } from './codes.ts';
import { ENDS_PROBLEMS, Ends, endsOf, Steps } from './ends.ts';

/** `POST /v1/models/{name}[@{version}]/interpolate`: rows between two rows in latent space. */
export const interpolate = bodyOperation({
  summary: 'Decodes points on the straight line between two codes, or between the codes of two rows.',
  graphs: ['decoder', 'encoder'],
  body: z.strictObject({ ...Ends, steps: Steps.default(8), label: ConditionLabel.optional() }),
  query: NoQuery,
  answer: z.lazy(() => OperationAnswer.extend({ codes: FloatRows, rows: FloatRows, ...UnseenMember })),
  binary: 'The rows.',
  example: {
    request: {
      codes: [
        [-2.68, 0.32],
        [2.53, -0.01],
      ],
      steps: 3,
    },
    answer: {
      codes: [
        [-2.68, 0.32],
        [-0.08, 0.15],
        [2.53, -0.01],
      ],
      rows: [
        [5.09, 3.52, 1.41, 0.22],
        [5.92, 3.18, 3.67, 1.16],
        [6.75, 2.83, 5.93, 2.11],
      ],
    },
  },
  problems: ['invalid-label', 'too-many-rows', ...ENDS_PROBLEMS],
  async run(model, { steps, label, ...ends }, maxRows) {
    assertCount(steps, maxRows);
    const { codes: points, unseen } = await endsOf(model, ends, 2);
    const codes = between(points, steps);
    const rows = await decodeCodes(model, codes, label);
    return {
      body: () => ({ codes: unpackRows(codes), rows: unpackRows(rows) }),
      binary: rows,
      ...(unseen && { unseen }),
    };
  },
});

function between({ data: ends, width }: Matrix, steps: number): Matrix {
  const data = new Float32Array(steps * width);
  for (let step = 0; step < steps; step++) {
    const t = step / (steps - 1);
    for (let i = 0; i < width; i++) data[step * width + i] = (1 - t) * ends[i]! + t * ends[width + i]!;
  }
  return { data, rowCount: steps, width };
}
