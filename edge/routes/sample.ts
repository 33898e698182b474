import * as z from 'zod';
import { Answered, Label, NoQuery, Numbers } from '../../shared/api.ts';
import { sampleCodes } from '../../shared/sample.ts';
import { unpackRows } from '../../shared/tensor.ts';
import { decodeCodes } from '../operations/codes.ts';
import { assertCount } from '../operations/count.ts';
import { bodyOperation } from '../operations/operation.ts';

const Seed = z.number().int().min(0).max(0xffffffff);

/** `POST /v1/models/{name}[@{version}]/sample`: rows that the model makes up; the same seed gives the same bytes everywhere. */
export const sample = bodyOperation({
  summary: 'New rows, decoded from codes that are drawn from the prior of a variational model.',
  graphs: ['decoder'],
  body: z.strictObject({
    n: z.number().int().min(1).default(1).describe('How many rows.'),
    seed: Seed.optional().describe('Where not given, one is drawn; the answer says which it was.'),
    temperature: z
      .number()
      .min(0)
      .max(100)
      .default(1)
      .describe('Standard deviation of the codes; 1 is the prior.'),
    label: Label.optional().describe('Of a conditional model, which needs one.'),
  }),
  query: NoQuery,
  answer: Answered.extend({ seed: Seed, rows: Numbers }),
  binary: 'The rows; the seed is in the header X-Seed.',
  example: { n: 2, seed: 7, temperature: 1 },
  async run(
    model,
    { n, seed = crypto.getRandomValues(new Uint32Array(1))[0]!, temperature, label },
    maxRows,
  ) {
    assertCount(n, maxRows);
    const { codeSize } = model.manifest;
    const rows = await decodeCodes(model, sampleCodes({ count: n, codeSize, seed, temperature }), label);
    return { body: { seed, rows: unpackRows(rows) }, binary: rows, headers: { 'X-Seed': `${seed}` } };
  },
});
