import * as z from 'zod';
import { AnsweredRows, BatchAnswer, RowsBody } from '../../shared/api.ts';
import { graphSpec } from '../../shared/manifest.ts';
import { matrixOf, unpackRows } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { rowsOperation } from '../requests/operation.ts';
import { codeOutput } from './codes.ts';

/** `POST /v1/models/{name}[@{version}]/encode`: rows in raw units to codes. */
export const encode = rowsOperation({
  summary: 'Encodes rows to codes; for a variational model, the mean of each code.',
  takes: 'rows',
  each: 'codes',
  eachToo: ['log_variances'],
  graphs: ['encoder'],
  body: RowsBody,
  query: z.strictObject({
    include: z
      .enum(['log_variance'])
      .describe('Adds the logarithms of the variances of the codes; variational models only.')
      .optional(),
  }),
  answer: z.lazy(() => BatchAnswer.extend({ codes: AnsweredRows, log_variances: AnsweredRows.optional() })),
  binary: 'The codes.',
  example: {
    request: { rows: [[5.1, 3.5, 1.4, 0.2]] },
    answer: { codes: [[-2.68, 0.32]] },
  },
  async run(model, inputs, { include }) {
    const code = codeOutput(model.manifest);
    if (include === undefined) {
      const answers = await model.run('encoder', inputs, [code]);
      const codes = matrixOf(answers[code]!);
      return { body: () => ({ codes: unpackRows(codes) }), binary: codes };
    }
    if (!graphSpec(model.manifest, 'encoder').outputs.some(({ name }) => name === include)) {
      const detail = `${model.manifest.name} is not variational: its codes have no log_variance.`;
      throw new ProblemError('invalid-query', { detail, received: include });
    }
    const answers = await model.run('encoder', inputs, [code, include]);
    const codes = matrixOf(answers[code]!);
    const logVariances = matrixOf(answers[include]!);
    const body = () => ({ codes: unpackRows(codes), log_variances: unpackRows(logVariances) });
    return { body, binary: codes };
  },
});
