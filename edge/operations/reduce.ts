import * as z from 'zod';
import { AnsweredRows, BatchAnswer, RowsBody } from '../../shared/api.ts';
import { graphSpec } from '../../shared/manifest.ts';
import { matrixOf, tensorOf, unpackRows } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { rowsOperation } from '../requests/operation.ts';
import { numeric } from '../requests/query.ts';
import { listed } from '../shadow/compared.ts';
import { encodeRows } from './codes.ts';

const OUTPUTS = { 2: 'coordinates_2d', 3: 'coordinates_3d' } as const;

/** `POST /v1/models/{name}[@{version}]/reduce`: rows to 2-D or 3-D points, for maps of the data. */
export const reduce = rowsOperation({
  summary:
    'Reduces rows to 2-D or 3-D coordinates: the code itself if it has that size, otherwise its principal components.',
  takes: 'rows',
  each: 'coordinates',
  graphs: ['encoder', 'reduce'],
  body: RowsBody,
  query: z.strictObject({
    dims: numeric(z.union([z.literal(2), z.literal(3)]))
      .describe('The number of coordinates; 2 by default.')
      .optional(),
  }),
  answer: z.lazy(() => BatchAnswer.extend({ coordinates: AnsweredRows })),
  binary: 'The coordinates.',
  example: {
    request: { rows: [[5.1, 3.5, 1.4, 0.2]] },
    answer: { coordinates: [[-2.68, 0.32]] },
  },
  compared: { values: listed('coordinates') },
  async run(model, inputs, { dims = 2 }) {
    const output = OUTPUTS[dims];
    const offered = graphSpec(model.manifest, 'reduce').outputs.map(({ name }) => name);
    if (!offered.includes(output)) {
      const detail = `dims: expected at most the code size, ${model.manifest.codeSize}, received ${dims}.`;
      throw new ProblemError('invalid-query', { detail, received: `${dims}` });
    }
    const codes = await encodeRows(model, inputs);
    const answers = await model.run('reduce', { code: tensorOf(codes) }, [output]);
    const coordinates = matrixOf(answers[output]);
    return { body: () => ({ coordinates: unpackRows(coordinates) }), binary: coordinates };
  },
});
