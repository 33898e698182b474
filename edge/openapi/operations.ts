/** The operations of the registry as routes of the document. */
import type { OperationName } from '../../shared/manifest.ts';
import { KEY_HEADER } from '../models/canary.ts';
import type { ProblemSlug } from '../problems.ts';
import { BINARY_TYPE, JSON_TYPE, NDJSON_TYPE, PNG_TYPE, REQUEST_TYPES } from '../requests/media.ts';
import type { Operation } from '../requests/operation.ts';
import { answerTypes } from '../requests/respond.ts';
import { answerName, type Content, type Route } from './route.ts';

/** What can go wrong with every operation. */
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
] as const satisfies readonly ProblemSlug[];

/** What can go wrong with those that take rows. */
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
    description: 'Requests of one key are answered by one version while two of them share the traffic.',
  },
} as const satisfies Route['headers'];

const ANSWER_HEADERS = {
  'X-Model-Version': { type: 'string', description: 'The version of the model that answered.' },
} as const satisfies Route['headers'];

/** `POST /v1/models/{model}/{name}`. */
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
        description: 'The answer, in the form that the header Accept asks for.',
        headers: { ...ANSWER_HEADERS, ...operation.headers },
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
      schema: bytes(BINARY_TYPE, `The ${takes}, as little-endian float32, one after another.`),
    },
    [PNG_TYPE]: { schema: bytes(PNG_TYPE, 'One row of a model of images, of exactly their size.') },
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
    [BINARY_TYPE]: { schema: bytes(BINARY_TYPE, `${binary} Little-endian float32, one after another.`) },
    [NDJSON_TYPE]: {
      schema: {
        description:
          'A JSON document a line, for some of the rows each, in their order. What is wrong with a later row ends it with a problem.',
        anyOf: [
          own,
          { type: 'object', properties: { problem }, required: ['problem'], additionalProperties: false },
        ],
      },
    },
  };
}

/** Bytes, as JSON Schema 2020-12 speaks of them, and as generators of clients know them from OpenAPI 3.0. */
function bytes(contentMediaType: string, description: string): Content['schema'] {
  return { type: 'string', format: 'binary', contentMediaType, description };
}
