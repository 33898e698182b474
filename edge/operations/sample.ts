import * as z from 'zod';
import { ConditionLabel, FloatRows, NoQuery, OperationAnswer } from '../../shared/api.ts';
import { sampleCodes } from '../../shared/sample.ts';
import { unpackRows } from '../../shared/tensor.ts';
import { bodyOperation } from '../requests/operation.ts';
import { assertCount } from '../requests/rowLimit.ts';
import { decodeCodes } from './codes.ts';

const Seed = z
  .number()
  .int()
  .min(0)
  .max(0xffffffff)
  .describe('The seed of the random codes; drawn at random by default, and returned in the answer.');

/**
 * `POST /v1/models/{name}[@{version}]/sample`: random new rows; the same seed gives the same bytes
 * everywhere.
 */
export const sample = bodyOperation({
  summary: 'Generates new rows: decodes codes drawn from the prior of a variational model.',
  graphs: ['decoder'],
  body: z.strictObject({
    n: z.number().int().min(1).default(1).describe('The number of rows.'),
    seed: Seed.optional(),
    temperature: z
      .number()
      .min(0)
      .max(100)
      .default(1)
      .describe('The standard deviation of the codes; 1 is the prior.'),
    label: ConditionLabel.optional(),
  }),
  query: NoQuery,
  answer: z.lazy(() => OperationAnswer.extend({ seed: Seed, rows: FloatRows })),
  binary: 'The rows.',
  headers: { 'X-Seed': Seed },
  example: {
    request: { n: 2, seed: 7, temperature: 0.5 },
    answer: {
      seed: 7,
      rows: [
        [5.98, 2.67, 4.77, 1.62],
        [5.07, 3.42, 1.58, 0.29],
      ],
    },
  },
  problems: ['invalid-label', 'too-many-rows'],
  async run(
    model,
    { n, seed = crypto.getRandomValues(new Uint32Array(1))[0]!, temperature, label },
    maxRows,
  ) {
    assertCount(n, maxRows);
    const { codeSize } = model.manifest;
    const rows = await decodeCodes(model, sampleCodes({ count: n, codeSize, seed, temperature }), label);
    return { body: () => ({ seed, rows: unpackRows(rows) }), binary: rows, headers: { 'X-Seed': `${seed}` } };
  },
});
