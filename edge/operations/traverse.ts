import * as z from 'zod';
import { ConditionLabel, FloatRows, NoQuery, OperationAnswer, UnseenMember } from '../../shared/api.ts';
import { type Matrix, unpackRows } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { bodyOperation } from '../requests/operation.ts';
import { assertCount } from '../requests/rowLimit.ts';
import { decodeCodes } from './codes.ts';
import { ENDS_PROBLEMS, Ends, endsOf, Steps } from './ends.ts';

/** `POST /v1/models/{name}[@{version}]/traverse`: the effect of one dimension of the code. */
export const traverse = bodyOperation({
  summary:
    'Decodes a code, or the code of a row, while one of its dimensions goes from one value to another.',
  graphs: ['decoder', 'encoder'],
  body: z.strictObject({
    ...Ends,
    dimension: z.number().int().min(0).describe('The dimension of the code that changes, from 0.'),
    from: z.number().min(-1e6).max(1e6).describe('The first value of the dimension.').default(-3),
    to: z.number().min(-1e6).max(1e6).describe('The last value of the dimension.').default(3),
    steps: Steps.default(7),
    label: ConditionLabel.optional(),
  }),
  query: NoQuery,
  answer: z.lazy(() => OperationAnswer.extend({ codes: FloatRows, rows: FloatRows, ...UnseenMember })),
  binary: 'The rows.',
  example: {
    request: { codes: [[0, 0]], dimension: 0, from: -2, to: 2, steps: 3 },
    answer: {
      codes: [
        [-2, 0],
        [0, 0],
        [2, 0],
      ],
      rows: [
        [5.12, 3.23, 2.04, 0.48],
        [5.84, 3.06, 3.76, 1.2],
        [6.56, 2.89, 5.47, 1.92],
      ],
    },
  },
  problems: ['invalid-label', 'too-many-rows', ...ENDS_PROBLEMS],
  async run(model, { dimension, from, to, steps, label, ...ends }, maxRows) {
    assertCount(steps, maxRows);
    const { codeSize } = model.manifest;
    if (dimension >= codeSize) {
      const detail = `dimension: expected 0 to ${codeSize - 1}, received ${dimension}`;
      throw new ProblemError('invalid-body', { detail });
    }
    const { codes: point, unseen } = await endsOf(model, ends, 1);
    const codes = along(point, { dimension, from, to, steps });
    const rows = await decodeCodes(model, codes, label);
    return {
      body: () => ({ codes: unpackRows(codes), rows: unpackRows(rows) }),
      binary: rows,
      ...(unseen && { unseen }),
    };
  },
});

type Walk = Readonly<Record<'dimension' | 'from' | 'to' | 'steps', number>>;

function along({ data: start, width }: Matrix, { dimension, from, to, steps }: Walk): Matrix {
  const data = new Float32Array(steps * width);
  for (let step = 0; step < steps; step++) {
    data.set(start, step * width);
    data[step * width + dimension] = from + ((to - from) * step) / (steps - 1);
  }
  return { data, rowCount: steps, width };
}
