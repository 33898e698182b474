/**
 * Every kind of problem the API reports (RFC 9457), one entry each. `status` follows RFC 9110: 400 for what cannot be
 * read at all, 422 for what is read but cannot be answered, 413 for what is too large in bytes or in rows, 503 for what
 * another time could be answered.
 * `help` is served at the problem's own address, `GET /problems/{slug}`.
 */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from '../shared/api.ts';

export const PROBLEMS = {
  unauthorized: {
    status: 401,
    title: 'An API key is needed',
    help: 'Send the key as "Authorization: Bearer <key>" or "X-API-Key: <key>". Whoever runs this API makes keys with "npm run key".',
  },
  forbidden: {
    status: 403,
    title: 'The API key may not do this',
    help: 'A key has scopes: "infer" for models, "admin" for /admin and /metrics. The detail names the one that is missing.',
  },
  'rate-limited': {
    status: 429,
    title: 'There were too many requests',
    help: 'Requests are counted for each API key, or for each client address without one. Wait for the seconds in the Retry-After header; send more rows in each request.',
  },
  'slow-body': {
    status: 408,
    title: 'The body took too long to arrive',
    help: 'The whole body must arrive within the time that a request may take. Send the request again.',
  },
  'timed-out': {
    status: 503,
    title: 'The request took too long',
    help: 'There is more to do at the moment than can be done in time. Wait for the seconds in the Retry-After header, and send fewer rows in each request.',
  },
  'incomplete-body': {
    status: 400,
    title: 'The body ended early',
    help: 'The connection was closed before the whole body had arrived. Send the request again.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    help: 'The body was declared as application/json but does not parse. NaN and Infinity are not JSON.',
  },
  'invalid-body': {
    status: 422,
    title: 'The JSON body has the wrong members',
    help: 'The body is an object with exactly the members the operation takes: "rows" or "codes", an array of arrays.',
  },
  'invalid-query': {
    status: 422,
    title: 'A query parameter is wrong',
    help: 'The reference at /openapi.json lists the parameters that each operation takes; any other is an error.',
  },
  'wrong-shape': {
    status: 422,
    title: 'A row has the wrong shape',
    help: 'Every row has one value per feature, every code one number per code dimension. GET /v1/models/{name} tells both. A binary body is whole rows of little-endian float32 values, 4 bytes each.',
  },
  'invalid-number': {
    status: 422,
    title: 'A value is not what the feature takes',
    help: 'Numbers are finite float32 numbers, between -3.4e38 and 3.4e38; categories are strings. Nothing is guessed at.',
  },
  'missing-feature': {
    status: 422,
    title: 'A feature is missing',
    help: 'The model does not impute this feature, so every row needs a value of it. GET /v1/models/{name} tells which features are optional.',
  },
  'unknown-feature': {
    status: 422,
    title: 'A feature is unknown',
    help: 'A row names a feature that the model does not have. GET /v1/models/{name} lists the names.',
  },
  'invalid-label': {
    status: 422,
    title: 'The label is wrong',
    help: 'A conditional model decodes under a label, one for each code; others take none. The member "offered" lists the labels.',
  },
  'unknown-item': {
    status: 422,
    title: 'No such item',
    help: 'The item was not in the training data of the model.',
  },
  'filters-not-offered': {
    status: 422,
    title: 'This model recommends without filters',
    help: 'The model was made before "allow", "deny" and "excludeSeen" were there. Leave them out, or train it again.',
  },
  'unsupported-image': {
    status: 422,
    title: 'The image cannot be used',
    help: 'Models of images take a PNG of exactly the size they were trained on, grey or RGB. JPEG is not decoded here: it costs more CPU time than the models do.',
  },
  'empty-batch': {
    status: 422,
    title: 'There are no rows',
    help: 'A request carries at least one row.',
  },
  'result-not-finite': {
    status: 422,
    title: 'The model has no finite answer for a row',
    help: 'The row is valid, but so far from the training data that the model overflows float32 on it.',
  },
  'too-many-rows': {
    status: 413,
    title: 'There are too many rows',
    help: 'Split the rows over several requests; the member "limit" tells how many one request may carry.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    help: 'Split the rows over several requests, or send them as application/octet-stream, which is several times smaller than JSON. The member "limit" is in bytes.',
  },
  'unknown-model': {
    status: 404,
    title: 'No such model',
    help: 'GET /v1/models lists the models that are served here.',
  },
  'unknown-version': {
    status: 404,
    title: 'No such version of the model',
    help: 'Leave @version out for the newest version; GET /v1/models/{name} lists those that are served here.',
  },
  'unknown-operation': {
    status: 404,
    title: 'No such operation',
    help: 'The member "offered" lists the operations of the model.',
  },
  'operation-not-offered': {
    status: 404,
    title: 'The model does not offer the operation',
    help: 'Not every model can do everything; the member "offered" lists what this one does.',
  },
  'unknown-path': {
    status: 404,
    title: 'Nothing is at this address',
    help: 'Models are under /v1/models; their operations at /v1/models/{name}/{operation}.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The address does not take this method',
    help: 'The Allow header lists the methods it takes. Operations take POST.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has a type or encoding that is not understood',
    help: 'Send application/json or application/octet-stream (little-endian float32 rows), without Content-Encoding.',
  },
  'not-acceptable': {
    status: 406,
    title: 'The answer does not exist in the types you accept',
    help: 'Answers are application/json or application/octet-stream; without an Accept header, whichever the request used.',
  },
  'model-unavailable': {
    status: 503,
    title: 'The model cannot be loaded',
    help: 'The stored model is damaged or could not be started. Other models are not affected; the next request tries again.',
  },
  'runtime-trapped': {
    status: 503,
    title: 'The runtime lacks what these inputs need',
    help: 'This Worker holds only those parts of its runtime that its models were seen to need, and the inputs need another one. Other requests are not affected. Whoever deploys it can freeze it again with a larger MAX_ROWS, or deploy it with RUNTIME = "frozen+stock", which answers such requests too.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
    help: 'The error has been logged. It is not caused by the form of the request.',
  },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string; help: string }>;

export type ProblemSlug = keyof typeof PROBLEMS;
export type ProblemStatus = (typeof PROBLEMS)[ProblemSlug]['status'];

/** The members that explain one occurrence: `detail`, and any extension members of the schema. */
export type ProblemMembers = Omit<Problem, 'type' | 'title' | 'status'> & { detail: string };

/**
 * An expected error, answered as problem+json. The message is shown to the caller; the cause is only logged.
 *
 * @example
 * throw new ProblemError('unknown-model', { detail: 'There is no model "digit".', offered: ['digits'] });
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly slug: ProblemSlug,
    readonly members: ProblemMembers,
    readonly options: { headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(members.detail, { cause: options.cause });
  }
}
