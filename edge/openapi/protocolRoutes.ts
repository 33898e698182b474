/** Routes of the document for the Open Inference Protocol, whose errors have a form of their own. */
import type * as z from 'zod';
import {
  InferRequest,
  InferResponse,
  ModelMetadata,
  ModelReady,
  ServerLive,
  ServerMetadata,
  ServerReady,
} from '../../shared/protocol.ts';
import {
  InferenceStatistics,
  ModelConfig,
  RepositoryIndex,
  RepositoryIndexRequest,
} from '../../shared/protocolExtensions.ts';
import type { ProblemSlug } from '../problems.ts';
import { BINARY_TYPE, JSON_TYPE } from '../requests/media.ts';
import { ROWS_HEADERS } from './operations.ts';
import type { Route } from './route.ts';

const FIND_PROBLEMS = [
  'unknown-model',
  'unknown-version',
  'model-unavailable',
  'runtime-trapped',
] as const satisfies readonly ProblemSlug[];

const INFER_PROBLEMS = [
  ...FIND_PROBLEMS,
  'incomplete-body',
  'malformed-json',
  'invalid-body',
  'body-too-large',
  'too-many-rows',
  'result-not-finite',
  'rows-refused',
  'unsupported-media-type',
] as const satisfies readonly ProblemSlug[];

/** JSON, followed by the bytes of tensors. */
const BINARY = {
  schema: {
    type: 'string',
    format: 'binary',
    description:
      'The same JSON, followed by the bytes of tensors; Inference-Header-Content-Length holds the length of the JSON.',
    contentMediaType: BINARY_TYPE,
  },
} as const;
const LENGTH = {
  'Inference-Header-Content-Length': {
    type: 'integer',
    description: 'The length of the JSON in bytes, if tensors follow it.',
  },
} as const;
const EXAMPLE = {
  inputs: [{ name: 'rows', datatype: 'FP32', shape: [1, 4], data: [5.1, 3.5, 1.4, 0.2] }],
} as const;

const common = { tag: 'protocol', errors: 'protocol' } as const;

function json(schema: z.ZodType, description: string): Route['answers'] {
  return { 200: { description, content: { [JSON_TYPE]: { schema } } } };
}

/** Returns the routes of a model: for the version in production, or for a given version. */
function modelRoutes(path: string, suffix: string) {
  return {
    [`GET ${path}`]: {
      ...{ ...common, id: `protocolModel${suffix}`, scope: 'infer', problems: FIND_PROBLEMS },
      summary: 'Describes the inputs and outputs of a graph; -1 is a dimension that each request chooses.',
      answers: json(ModelMetadata, 'The graph.'),
    },
    [`GET ${path}/ready`]: {
      ...{ ...common, id: `protocolReady${suffix}`, scope: 'infer', problems: FIND_PROBLEMS },
      summary: 'Loads a graph, and reports if it is ready.',
      answers: json(ModelReady, 'The graph is ready.'),
    },
    [`GET ${path}/config`]: {
      ...{ ...common, id: `protocolConfig${suffix}`, scope: 'infer', problems: FIND_PROBLEMS },
      summary: 'Returns the configuration of a graph, as Triton has it.',
      answers: json(ModelConfig, 'The configuration.'),
    },
    [`GET ${path}/stats`]: {
      ...{ ...common, id: `protocolStats${suffix}`, scope: 'infer', problems: FIND_PROBLEMS },
      summary: 'Returns statistics of the inference requests for a graph, as seen by this isolate.',
      answers: json(InferenceStatistics, 'The statistics of each version.'),
    },
    [`POST ${path}/infer`]: {
      ...{ ...common, id: `infer${suffix}`, scope: 'infer', problems: INFER_PROBLEMS },
      summary: 'Runs a graph on tensors, in JSON or as bytes after the JSON.',
      headers: LENGTH,
      request: { [JSON_TYPE]: { schema: InferRequest, example: EXAMPLE }, [BINARY_TYPE]: BINARY },
      answers: {
        200: {
          description: 'The outputs.',
          optionalHeaders: ROWS_HEADERS,
          content: { [JSON_TYPE]: { schema: InferResponse }, [BINARY_TYPE]: BINARY },
        },
      },
    },
  } as const satisfies Record<string, Route>;
}

export const PROTOCOL_ROUTES = {
  'GET /v2': {
    ...{ ...common, id: 'protocolServer', scope: 'infer' },
    summary: 'Returns name, version and extensions of the server.',
    answers: json(ServerMetadata, 'The server.'),
  },
  'GET /v2/health/live': {
    ...{ ...common, id: 'protocolLive', scope: null },
    summary: 'Reports that the server is up.',
    answers: json(ServerLive, 'The server is up.'),
  },
  'GET /v2/health/ready': {
    ...{ ...common, id: 'protocolServerReady', scope: null, problems: ['model-unavailable'] },
    summary: 'Reports if any model is served.',
    answers: json(ServerReady, 'At least one model is served.'),
  },
  'POST /v2/repository/index': {
    ...{ ...common, id: 'repositoryIndex', scope: 'infer' },
    summary: 'Lists every graph of every version.',
    request: { [JSON_TYPE]: { schema: RepositoryIndexRequest, example: {} } },
    answers: json(RepositoryIndex, 'The graphs.'),
    problems: ['incomplete-body', 'malformed-json', 'invalid-body', 'body-too-large'],
  },
  'GET /v2/models/stats': {
    ...{ ...common, id: 'protocolAllStats', scope: 'infer' },
    summary: 'Returns statistics of the inference requests for every graph, as seen by this isolate.',
    answers: json(InferenceStatistics, 'The statistics of each graph of each version.'),
  },
  ...modelRoutes('/v2/models/{model}', ''),
  ...modelRoutes('/v2/models/{model}/versions/{version}', 'Version'),
} as const satisfies Record<string, Route>;
