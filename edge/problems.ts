/**
 * Every type of problem that the API reports (RFC 9457), one entry each. `status` follows RFC 9110: 400 for a
 * request that cannot be parsed, 422 for one that is parsed but cannot be answered, 413 for too many bytes or
 * rows, 503 for one that may succeed later. `help` is served at the problem's URL, `GET /problems/{slug}`.
 */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from '../shared/api.ts';

export const PROBLEMS = {
  unauthorized: {
    status: 401,
    title: 'An API key is required',
    help: 'Send the key as "Authorization: Bearer <key>" or "X-API-Key: <key>". The operator of this API creates keys.',
  },
  forbidden: {
    status: 403,
    title: 'The caller lacks a scope',
    help: 'A key, or a caller that the application around this API names, has scopes: "infer" for models, "admin" for /admin and /metrics. The detail names the missing scope.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    help: 'Requests are counted per API key, or per client address without a key. Wait for the number of seconds in the Retry-After header, or send more rows per request.',
  },
  'slow-body': {
    status: 408,
    title: 'The body took too long to arrive',
    help: 'The whole body must arrive within the time limit of a request, and may not stand still for a third of it. Send the request again.',
  },
  'timed-out': {
    status: 503,
    title: 'The request took too long',
    help: 'The server is overloaded. Wait for the number of seconds in the Retry-After header, and send fewer rows per request.',
  },
  overloaded: {
    status: 503,
    title: 'Too much is in flight',
    help: 'An isolate holds a limited number of bytes for bodies and for answers that are not taken yet, and a limited number of rows that wait to be run; the member "limit" is the one that would be exceeded. Nothing was computed. Wait for the number of seconds in the Retry-After header, and send the request again; send fewer large requests at a time.',
  },
  'incomplete-body': {
    status: 400,
    title: 'The body ended early',
    help: 'The connection was closed before the whole body arrived. Send the request again.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    help: 'The body was sent as application/json but does not parse. NaN and Infinity are not JSON.',
  },
  'invalid-body': {
    status: 422,
    title: 'The JSON body has wrong members',
    help: 'The body must be an object with the members that the operation takes, and no others; the detail names the wrong ones. /openapi.json lists the members of each operation.',
  },
  'invalid-query': {
    status: 422,
    title: 'A query parameter is wrong',
    help: '/openapi.json lists the query parameters of each operation; any other parameter is an error.',
  },
  'wrong-shape': {
    status: 422,
    title: 'A row has the wrong shape',
    help: 'A row has one value per feature; a code has one number per code dimension. GET /v1/models/{name} returns both sizes. A binary body consists of whole rows of little-endian float32 values, 4 bytes each.',
  },
  'invalid-number': {
    status: 422,
    title: 'A value is invalid for its feature',
    help: 'Numbers must be finite float32 numbers, between -3.4e38 and 3.4e38; categories must be strings. Strings are never parsed as numbers.',
  },
  'missing-feature': {
    status: 422,
    title: 'A feature is missing',
    help: 'The model does not impute this feature, so every row needs a value for it; a row that is an object needs at least one feature of any model. GET /v1/models/{name} lists the optional features.',
  },
  'unknown-feature': {
    status: 422,
    title: 'A feature is unknown',
    help: 'A row names a feature that the model does not have. GET /v1/models/{name} lists the features.',
  },
  'invalid-label': {
    status: 422,
    title: 'The label is invalid',
    help: 'A conditional model takes one label per code; other models take none. The member "offered" lists the labels.',
  },
  'unknown-item': {
    status: 422,
    title: 'The item is unknown',
    help: 'The item does not occur in the training data of the model.',
  },
  'filters-not-offered': {
    status: 422,
    title: 'The model does not support filters',
    help: 'The model was trained with a release that had no "allow", "deny" and "excludeSeen". Leave them out, or train the model again.',
  },
  'invalid-filter': {
    status: 422,
    title: 'The filter does not suit the items',
    help: 'The member "where" names columns of the table that the model was trained with (--items), and values that items have there. GET /v1/models/{name} lists both.',
  },
  'unsupported-image': {
    status: 422,
    title: 'The image cannot be used',
    help: 'Image models take a PNG, grayscale or RGB, of exactly the size that they were trained on. JPEG is not supported: decoding it takes more CPU time than the models do.',
  },
  'empty-batch': {
    status: 422,
    title: 'There are no rows',
    help: 'A request must have at least one row.',
  },
  'result-not-finite': {
    status: 422,
    title: 'The result for a row is not finite',
    help: 'The row is valid, but so far from the training data that the model overflows float32.',
  },
  'rows-refused': {
    status: 422,
    title: 'The graph of the model refuses the rows',
    help: 'Imported models only: a row holds a value that the graph has no answer for, for instance an id beyond its table of embeddings. Send fewer rows to find it.',
  },
  'too-many-rows': {
    status: 413,
    title: 'There are too many rows',
    help: 'Split the rows over several requests; the member "limit" is the maximum number of rows per request.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    help: 'Split the rows over several requests, or send them as application/octet-stream, which is several times smaller than JSON. The member "limit" is the maximum in bytes.',
  },
  'unknown-model': {
    status: 404,
    title: 'The model is unknown',
    help: 'GET /v1/models lists the models served here.',
  },
  'unknown-version': {
    status: 404,
    title: 'The version of the model is unknown',
    help: 'Leave out @version for the default version; GET /v1/models/{name} lists the versions served here.',
  },
  'unknown-operation': {
    status: 404,
    title: 'The operation is unknown',
    help: 'The member "offered" lists the operations of the model.',
  },
  'operation-not-offered': {
    status: 404,
    title: 'The model does not offer the operation',
    help: 'Not every model offers every operation; the member "offered" lists those of this model.',
  },
  'unknown-job': {
    status: 404,
    title: 'The job is unknown',
    help: 'GET /v1/jobs lists the jobs of your key.',
  },
  'unknown-object': {
    status: 404,
    title: 'The input of the job does not exist',
    help: 'Upload the rows before the job is submitted. r2://jobs/{key} is the object {key} of the bucket that the Worker is bound to as JOBS_BUCKET.',
  },
  'object-exists': {
    status: 409,
    title: 'The output of the job exists already',
    help: 'Jobs overwrite nothing: give the output another key, or delete the object.',
  },
  'job-ended': {
    status: 409,
    title: 'The job has ended',
    help: 'Only jobs that are still running can be cancelled.',
  },
  'labels-not-stored': {
    status: 503,
    title: 'The labels could not be stored',
    help: 'The place that labels are written to failed. Wait for the number of seconds in the Retry-After header, and send the request again: a label that is stored twice counts once.',
  },
  'unknown-path': {
    status: 404,
    title: 'The path is unknown',
    help: 'Models are at /v1/models, and their operations at /v1/models/{name}/{operation}.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The path does not support this method',
    help: 'The Allow header lists the supported methods. Operations take POST.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The type or encoding of the body is not supported',
    help: 'Send application/json or application/octet-stream (little-endian float32 rows), without Content-Encoding.',
  },
  'not-acceptable': {
    status: 406,
    title: 'The answer is not available in an accepted type',
    help: 'The member "offered" lists the types of the answer. Without an Accept header, the answer has the type of the request if it can.',
  },
  'model-unavailable': {
    status: 503,
    title: 'The model cannot be loaded',
    help: 'The stored model is damaged or could not be started. Other models are not affected. Wait for the number of seconds in the Retry-After header, and send the request again.',
  },
  'runtime-trapped': {
    status: 503,
    title: 'The runtime lacks a function that these inputs need',
    help: 'This Worker contains only those functions of its runtime that its models used while it was frozen, and these inputs need another one. Other requests are not affected. The operator can freeze it again with a larger MAX_ROWS, or deploy it with RUNTIME = "frozen+stock", which answers such requests too.',
  },
  'internal-error': {
    status: 500,
    title: 'An internal error occurred',
    help: 'The error has been logged. The form of the request is not at fault.',
  },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string; help: string }>;

export type ProblemSlug = keyof typeof PROBLEMS;
export type ProblemStatus = (typeof PROBLEMS)[ProblemSlug]['status'];

/** Members that explain one occurrence: `detail`, and any extension members of the schema. */
export type ProblemMembers = Omit<Problem, 'type' | 'title' | 'status'> & { detail: string };

/**
 * An expected error, answered as problem+json. The caller sees the message; the cause is only logged.
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

  /** The fault and its remedy, in one or two sentences. */
  get detail(): string {
    return this.members.detail;
  }
}
