/** Routes of the document for the operations of the registry. */

import { LOG_HEADER } from '../../shared/loggedRows.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { KEY_HEADER } from '../models/canary.ts';
import type { ProblemSlug } from '../problems.ts';
import { BINARY_TYPE, JSON_TYPE, NDJSON_TYPE, PNG_TYPE, REQUEST_TYPES } from '../requests/media.ts';
import type { Operation } from '../requests/operation.ts';
import { answerTypes, UNANSWERED_HEADER, UNSEEN_HEADER } from '../requests/respond.ts';
import { answerName, type Content, type Route, type RouteAnswer } from './route.ts';

/** Problems of every operation. */
const OPERATION_PROBLEMS = [
  'incomplete-body',
  'malformed-json',
  'invalid-body',
  'invalid-query',
  'body-too-large',
  'unknown-model',
  'unknown-version',
  'operation-not-offered',
  'model-unavailable',
  'runtime-trapped',
  'unsupported-media-type',
  'not-acceptable',
  'result-not-finite',
  'rows-refused',
] as const satisfies readonly ProblemSlug[];

/** Problems of operations on rows. */
const ROWS_PROBLEMS = [
  'empty-batch',
  'too-many-rows',
  'wrong-shape',
  'invalid-number',
  'missing-feature',
  'unknown-feature',
  'unsupported-image',
] as const satisfies readonly ProblemSlug[];

const REQUEST_HEADERS = {
  [KEY_HEADER]: {
    type: 'string',
    description:
      'A routing key, for instance a user id: while a canary is active, one version answers all requests with the same key.',
  },
  [LOG_HEADER]: {
    type: 'string',
    enum: ['no'],
    description: 'With `no`, rows of the request are not kept for training, although those of the model are.',
  },
} as const satisfies Route['headers'];

const ANSWER_HEADERS = {
  'X-Model-Version': { type: 'string', description: 'The version of the model that answered.' },
} as const satisfies Route['headers'];

/** Answers to requests that may hold rows. */
const UNSEEN_HEADERS = {
  [UNSEEN_HEADER]: {
    type: 'integer',
    description:
      'The number of categories in the request that training did not see, if there are any: the model takes them for missing ones.',
  },
} as const satisfies RouteAnswer['optionalHeaders'];

/** Answers to requests whose rows are answered one by one. */
export const ROWS_HEADERS = {
  [UNANSWERED_HEADER]: {
    type: 'integer',
    description:
      'The number of rows that cannot be answered, if there are any; only of answers in one piece. Their float32 values are NaN.',
  },
  ...UNSEEN_HEADERS,
} as const satisfies RouteAnswer['optionalHeaders'];

/** Returns the route `POST /v1/models/{model}/{name}`. */
export function operationRoute(name: OperationName, operation: Operation): Route {
  const requests = requestContents(operation);
  const answers = answerContents(name, operation);
  const contents = (types: readonly string[], of: Readonly<Record<string, Content>>) =>
    Object.fromEntries(types.map((type) => [type, of[type]!]));
  return {
    id: name,
    tag: 'operations',
    summary: operation.summary,
    scope: 'infer',
    query: operation.query,
    headers: REQUEST_HEADERS,
    request: contents(REQUEST_TYPES[operation.kind], requests),
    answers: {
      200: {
        description: 'The answer, in the type that the Accept header asks for.',
        headers: { ...ANSWER_HEADERS, ...operation.headers },
        optionalHeaders: operation.kind === 'rows' ? ROWS_HEADERS : UNSEEN_HEADERS,
        content: contents(answerTypes(operation), answers),
      },
    },
    problems: [
      ...OPERATION_PROBLEMS,
      ...(operation.kind === 'rows' ? ROWS_PROBLEMS : []),
      ...(operation.problems ?? []),
    ],
  };
}

function requestContents(operation: Operation): Record<string, Content> {
  const takes = operation.kind === 'rows' ? operation.takes : '';
  return {
    [JSON_TYPE]: { schema: operation.body, example: operation.example.request },
    [BINARY_TYPE]: {
      schema: bytes(BINARY_TYPE, `The ${takes}, as little-endian float32 values, row after row.`),
    },
    [PNG_TYPE]: {
      schema: bytes(
        PNG_TYPE,
        'An image, as one row; of exactly the size that the model was trained on. Pixels become values from 0 to `features.white` (1 if it is absent), in the order of `features.imageLayout`.',
      ),
    },
  };
}

function answerContents(
  name: OperationName,
  { answer, binary, example }: Operation,
): Record<string, Content> {
  const own = { $ref: `#/components/schemas/${answerName(name)}` };
  const problem = { $ref: '#/components/schemas/Problem' };
  const members = { model: 'flowers', version: '0a1b2c3d4e5f' };
  return {
    [JSON_TYPE]: { schema: answer, example: { ...members, ...(example.answer as object) } },
    [BINARY_TYPE]: { schema: bytes(BINARY_TYPE, `${binary} Little-endian float32 values, row after row.`) },
    [NDJSON_TYPE]: {
      schema: {
        description:
          'One JSON document per line, each for some of the rows, in order. If the answer has to end early, the last line holds the problem.',
        anyOf: [
          own,
          { type: 'object', properties: { problem }, required: ['problem'], additionalProperties: false },
        ],
      },
    },
  };
}

/**
 * Returns the schema of bytes: JSON Schema 2020-12, with the type and format that client generators look for.
 */
function bytes(contentMediaType: string, description: string): Content['schema'] {
  return { type: 'string', format: 'binary', contentMediaType, description };
}
