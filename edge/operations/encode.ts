import * as z from 'zod';
import { AnsweredRows, BatchAnswer, RowsBody } from '../../shared/api.ts';
import { int8Bytes, int8Rows } from '../../shared/int8.ts';
import { graphSpec } from '../../shared/manifest.ts';
import { shortestFloats } from '../../shared/shortestFloat.ts';
import { activeBytes, activeValues } from '../../shared/sparseRows.ts';
import { type Matrix, matrixOf, unpackRows } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { type Answer, type RunningModel, rowsOperation } from '../requests/operation.ts';
import { listed } from '../shadow/compared.ts';
import { codeOutput } from './codes.ts';

/** `POST /v1/models/{name}[@{version}]/encode`: rows in raw units to codes. */
export const encode = rowsOperation({
  summary: 'Encodes rows to codes; for a variational model, the mean of each code.',
  takes: 'rows',
  each: 'codes',
  eachToo: ['positions', 'scales', 'log_variances', 'indices'],
  graphs: ['encoder'],
  body: RowsBody,
  query: z.strictObject({
    include: z
      .enum(['log_variance', 'indices'])
      .describe(
        'Adds the logarithms of the variances of the codes, for variational models, or the numbers of the codebook entries that make them up, for vector-quantized ones.',
      )
      .optional(),
    dtype: z
      .enum(['float32', 'int8'])
      .describe(
        'Type of the codes. `int8` rounds each to whole numbers from -127 to 127 and adds `scales`, by which they are multiplied; as bytes, each code is then its scale as float32, followed by its numbers as int8.',
      )
      .optional(),
    sparse: z
      .enum(['true', 'false'])
      .describe(
        'With `true`, only the values other than 0 are answered, in `codes`, and where they are in `positions`; as bytes, each code is then the count of these values as uint32, their positions as uint32, and the values as float32. Float32 only.',
      )
      .optional(),
  }),
  answer: z.lazy(() =>
    BatchAnswer.extend({
      codes: AnsweredRows,
      positions: z
        .array(z.array(z.number().int().nonnegative()).nullable())
        .describe('With `sparse=true`: the positions of the values of each code, ascending, from 0.')
        .optional(),
      scales: z
        .array(z.number().nonnegative().nullable())
        .describe('With `dtype=int8`: what the numbers of each code are multiplied by.')
        .optional(),
      log_variances: AnsweredRows.optional(),
      indices: AnsweredRows.describe(
        'With `include=indices`: whole numbers, for each part of a code those of all levels, the coarsest first.',
      ).optional(),
    }),
  ),
  binary:
    'The codes; with `dtype=int8`, each is its scale and then its numbers as int8; with `sparse=true`, each is a count, positions and values.',
  example: {
    request: { rows: [[5.1, 3.5, 1.4, 0.2]] },
    answer: { codes: [[-2.68, 0.32]] },
  },
  compared: {
    values: (answer) => {
      // Positions differ from code to code, and numbers of int8 count in units of their own.
      const isPlain = answer.positions === undefined && answer.scale === undefined;
      return isPlain ? listed('code')(answer) : new Map();
    },
  },
  async run(model, inputs, { include, dtype, sparse }) {
    if (sparse === 'true' && dtype === 'int8') {
      const detail = 'sparse=true answers float32 values: leave out dtype=int8, or sparse=true.';
      throw new ProblemError('invalid-query', { detail });
    }
    const { codes, more } = await codesOf(model, inputs, include);
    return FORMS[sparse === 'true' ? 'sparse' : (dtype ?? 'float32')](codes, more);
  },
});

/** Further members of the body. */
type More = () => Readonly<Partial<Record<(typeof INCLUDED)[Included]['member'], number[][]>>>;

/** Further outputs of the encoder, the members that they are answered as, and the models that have them. */
const INCLUDED = {
  log_variance: { member: 'log_variances', kind: 'variational' },
  indices: { member: 'indices', kind: 'vector-quantized' },
} as const;

type Included = keyof typeof INCLUDED;

/** Answers with codes in each form. */
const FORMS = {
  float32: (codes, more) => ({ body: () => ({ codes: unpackRows(codes), ...more() }), binary: codes }),
  int8: (codes, more) => ({
    body: () => {
      const { numbers, scales } = int8Rows(codes);
      const rows = unpackRows({ ...codes, data: Float32Array.from(numbers) });
      return { codes: rows, scales: shortestFloats(scales), ...more() };
    },
    binary: codes,
    packed: () => int8Bytes(int8Rows(codes)),
  }),
  sparse: (codes, more) => ({
    body: () => {
      const { positions, values } = activeValues(codes);
      return { codes: values, positions, ...more() };
    },
    binary: codes,
    packed: () => activeBytes(codes),
  }),
} as const satisfies Record<string, (codes: Matrix, more: More) => Answer<unknown>>;

async function codesOf(
  model: RunningModel,
  inputs: Parameters<RunningModel['run']>[1],
  include: Included | undefined,
): Promise<{ readonly codes: Matrix; readonly more: More }> {
  const code = codeOutput(model.manifest);
  if (include === undefined) {
    const answers = await model.run('encoder', inputs, [code]);
    return { codes: matrixOf(answers[code]!), more: () => ({}) };
  }
  if (!graphSpec(model.manifest, 'encoder').outputs.some(({ name }) => name === include)) {
    const detail = `${model.manifest.name} is not ${INCLUDED[include].kind}: its codes have no ${include}.`;
    throw new ProblemError('invalid-query', { detail, received: include });
  }
  const answers = await model.run('encoder', inputs, [code, include]);
  const included = matrixOf(answers[include]!);
  const { member } = INCLUDED[include];
  return { codes: matrixOf(answers[code]!), more: () => ({ [member]: unpackRows(included) }) };
}
