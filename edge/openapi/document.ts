/** The OpenAPI document, generated from the schemas that check requests. */
import { version } from '../../package.json';
import { Problem } from '../../shared/api.ts';
import { ModelName, OperationName } from '../../shared/manifest.ts';
import { ProtocolError } from '../../shared/protocol.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { PROBLEMS } from '../problems.ts';
import { ADMIN_ROUTES } from './adminRoutes.ts';
import { FEEDBACK_ROUTES } from './feedbackRoutes.ts';
import { JOB_ROUTES } from './jobRoutes.ts';
import { operationRoute } from './operations.ts';
import { createComponents, type PathItems, pathItems } from './paths.ts';
import { PROTOCOL_ROUTES } from './protocolRoutes.ts';
import { type Route, TAGS } from './route.ts';
import { ROUTES } from './routes.ts';
import { type JsonSchema, jsonSchema } from './schema.ts';

const DESCRIPTION = [
  'Rows are arrays of values, or objects by feature name. Codes are the vectors that models encode rows to. Both are sent as JSON or as little-endian float32 bytes (`application/octet-stream`); an image may be sent as PNG. The answer has the type of the request unless `Accept` asks for another one. If there are more rows than one answer may hold, it is a stream: newline-delimited JSON, or float32 bytes.',
  'Errors are `application/problem+json` (RFC 9457). Every GET route also answers HEAD, and every route OPTIONS.',
].join('\n\n');

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<'title' | 'version' | 'description', string>>;
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, PathItems>>;
  readonly components: Readonly<Record<string, object>> & {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

/** Returns every route by method and path, operations first. */
export function routes(): Record<string, Route> {
  const operations = OperationName.options.map(
    (name) => [`POST /v1/models/{model}/${name}`, operationRoute(name, OPERATIONS[name])] as const,
  );
  return {
    ...Object.fromEntries(operations),
    ...ROUTES,
    ...JOB_ROUTES,
    ...FEEDBACK_ROUTES,
    ...PROTOCOL_ROUTES,
    ...ADMIN_ROUTES,
  };
}

/**
 * Returns the OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html).
 * @param server The URL that paths are relative to; default: the root of the host that serves the document.
 */
export function openApiDocument(server = '/'): OpenApiDocument {
  const components = createComponents({
    Problem: jsonSchema(Problem, 'output'),
    ProtocolError: jsonSchema(ProtocolError, 'output'),
  });
  return {
    openapi: '3.1.1',
    info: { title: 'latentedge', version, description: DESCRIPTION },
    servers: [{ url: server }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: pathItems(routes(), pathParameters(), components),
    components: {
      schemas: components.schemas,
      headers: {
        'Retry-After': {
          description: 'Seconds to wait before the next attempt.',
          schema: { type: 'integer' },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: 'An API key in a separate header.',
        },
      },
    },
  };
}

/** Schemas of the path parameters. */
function pathParameters(): Record<string, JsonSchema> {
  return {
    model: {
      type: 'string',
      pattern: `${jsonSchema(ModelName, 'output').pattern!.slice(0, -1)}(@[a-z0-9]+|\\.[a-z]+)?$`,
      description:
        'The name of a model, or `name@version` or `name@alias`; without a version, the version in production answers or, for a bundled model, the newest. Under /v2, `name.graph`, or `name` for the encoder.',
    },
    version: { type: 'string', description: 'A version of the model, or an alias.' },
    slug: { type: 'string', enum: Object.keys(PROBLEMS), description: 'The name of a problem.' },
    id: { type: 'string', description: 'The id of a job.' },
    file: { type: 'string', description: 'The name of a file of the page.' },
  };
}
