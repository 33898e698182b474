/** Everything that all operations share: from a request's bytes to the model's checked answer. */
import type { MiddlewareHandler } from 'hono';
import { type GraphName, graphSpec, type Manifest, type OperationName } from '../../shared/manifest.ts';
import { assertFinite, type Matrix, matrixOf, RowError, tensorOf } from '../../shared/tensor.ts';
import { readBody } from '../body.ts';
import type { AppEnvironment } from '../environment.ts';
import { answerMediaType, BINARY_TYPE, requestMediaType } from '../media.ts';
import { ProblemError } from '../problems.ts';
import { type InputForm, READERS } from '../rows.ts';

const OPERATIONS: Readonly<Record<string, { graph: GraphName; input: 'rows' | 'code' }>> = {
  encode: { graph: 'encoder', input: 'rows' },
  decode: { graph: 'decoder', input: 'code' },
  reconstruct: { graph: 'autoencoder', input: 'rows' },
  predict: { graph: 'predict', input: 'rows' },
};

/** What `operation` adds to the context for the route's own handler, which writes the JSON answer. */
interface AnswerEnvironment extends AppEnvironment {
  Variables: AppEnvironment['Variables'] & {
    /** The model that answered. */
    manifest: Manifest;
    /** Its answer: one row or code per row of the request, every value finite. */
    answer: Matrix;
  };
}

interface OperationInput<Body> extends Pick<InputForm<Body>, 'schema' | 'numbers'> {
  readonly width: (manifest: Manifest) => number;
}

/**
 * Finds the model, reads the rows, runs the operation, and answers at once where the client wants binary; otherwise
 * the next handler finds `c.var.answer`. Declares the JSON body to Hono's typed client.
 *
 * @example
 * app.post(
 *   '/v1/models/:model/encode',
 *   operation('encode', { schema: EncodeRequest, numbers: ({ rows }) => rows, width: ({ features }) => features.count }),
 *   (c) => c.json({ codes: unpackRows(c.var.answer) }, 200),
 * );
 */
export function operation<Body>(
  name: OperationName,
  input: OperationInput<Body>,
): MiddlewareHandler<
  AnswerEnvironment,
  '/v1/models/:model/:operation',
  { in: { json: Body }; out: { json: Body } }
> {
  return async (c, next) => {
    const { models, limits } = c.var;
    const manifest = await models.find(c.req.param('model'));
    assertOffered(manifest, name);
    const requestType = requestMediaType(c.req.raw.headers);
    const answerType = answerMediaType(c.req.raw.headers, requestType);
    const body = await readBody(c.req.raw, limits.maxBodyBytes);
    const form = { ...input, width: input.width(manifest), maxRows: limits.maxRows };
    const { graph, input: fed } = OPERATIONS[name]!;
    const rows = READERS[requestType](body, form);
    const [output] = graphSpec(manifest, graph).outputs;
    const results = await models.run(manifest, graph, { [fed]: tensorOf(rows) }, [output!.name]);
    const answer = matrixOf(results[output!.name]!);
    assertAnswer(answer);
    c.header('X-Model-Version', manifest.version);
    if (answerType === BINARY_TYPE) return c.body(toBytes(answer), 200, { 'Content-Type': BINARY_TYPE });
    c.set('manifest', manifest);
    c.set('answer', answer);
    return next();
  };
}

/** The values as they are in memory, without a copy; Workers run on little-endian machines only. */
function toBytes({ data }: Matrix): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function assertOffered(manifest: Manifest, name: OperationName): void {
  if (manifest.operations.includes(name)) return;
  throw new ProblemError('operation-not-offered', {
    detail: `${manifest.name}@${manifest.version} offers ${manifest.operations.join(', ') || 'no operations'}, not ${name}.`,
    received: name,
    offered: manifest.operations,
  });
}

/** JSON has no infinities (it would say null), so a model that overflows must be an error in both forms. */
function assertAnswer(answer: Matrix): void {
  try {
    assertFinite(answer);
  } catch (cause) {
    if (!(cause instanceof RowError)) throw cause;
    const { row, received } = cause;
    const detail = `The model's answer for row ${row} is not finite; its values are too far from the training data.`;
    throw new ProblemError('result-not-finite', { detail, received, row }, { cause });
  }
}
