/** Path items of the OpenAPI document, generated from routes. */
import { problemAnswers } from './problems.ts';
import { answerName, type Content, type Route, type RouteAnswer, requestName } from './route.ts';
import { type JsonSchema, jsonSchema } from './schema.ts';

/** The part of a path item for one method. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Contents };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

export interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: Contents;
}

/** Operations by method, in lower case. */
export type PathItems = Readonly<Record<string, OpenApiOperation>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

type Contents = Readonly<Record<string, { readonly schema: JsonSchema; readonly example?: unknown }>>;

/** Schemas that the document references by name. */
export interface Components {
  readonly schemas: Record<string, JsonSchema>;
  /** Adds a schema, and returns a reference to it. */
  add(name: string, schema: JsonSchema): JsonSchema;
}

export function createComponents(schemas: Record<string, JsonSchema>): Components {
  return {
    schemas,
    add: (name, schema) => {
      schemas[name] = schema;
      return { $ref: `#/components/schemas/${name}` };
    },
  };
}

/** Generates path items; `parameters` are the schemas of path parameters. */
export function pathItems(
  routes: Readonly<Record<string, Route>>,
  parameters: Readonly<Record<string, JsonSchema>>,
  components: Components,
): Record<string, PathItems> {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [address, route] of Object.entries(routes)) {
    const [method, path] = address.split(' ') as [string, string];
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
      parameter('path', name!, parameters[name!]!, true),
    );
    paths[path] = { ...paths[path], [method.toLowerCase()]: openApiOperation(route, named, components) };
  }
  return paths;
}

function openApiOperation(
  route: Route,
  path: readonly Parameter[],
  components: Components,
): OpenApiOperation {
  const { id, tag, summary, scope, query, headers = {}, request, answers } = route;
  const { properties = {}, required = [] } = query ? jsonSchema(query, 'input') : {};
  const responses = Object.entries(answers).map(([status, answer]) => {
    const headers = {
      ...headerObjects(answer.headers, true),
      ...headerObjects(answer.optionalHeaders, false),
    };
    const bodies = contents(answer.content, answerName(id), 'output', components);
    const named = Object.keys(headers).length > 0 && { headers };
    return [status, { description: answer.description, ...named, content: bodies }] as const;
  });
  return {
    ...{ operationId: id, tags: [tag], summary },
    security: scope === null ? [] : [{ bearer: [scope] }, { apiKey: [scope] }],
    parameters: [
      ...path,
      ...Object.entries(properties).map(([name, schema]) =>
        parameter('query', name, schema as JsonSchema, required.includes(name)),
      ),
      ...Object.entries(headers).map(([name, schema]) => parameter('header', name, schema, false)),
    ],
    ...(request && {
      requestBody: { required: true, content: contents(request, requestName(id), 'input', components) },
    }),
    responses: { ...Object.fromEntries(responses), ...problemAnswers(route) },
  };
}

/** Generates header objects; only a required one says so. */
function headerObjects(headers: RouteAnswer['headers'], required: boolean): Record<string, object> {
  return entries(headers, (schema) => {
    const { description = '', ...rest } = asSchema(schema, 'output');
    return { description, ...(required && { required }), schema: rest };
  });
}

function parameter(place: Parameter['in'], name: string, schema: JsonSchema, required: boolean): Parameter {
  const { description = '', ...rest } = schema;
  return { name, in: place, required, description, schema: rest };
}

/**
 * Generates bodies; a zod schema becomes a component named `name`, as a route has at most one per direction.
 */
function contents(
  bodies: Readonly<Record<string, Content>>,
  name: string,
  io: 'input' | 'output',
  components: Components,
): Contents {
  return entries(bodies, ({ schema, ...example }) => ({
    schema: isZod(schema) ? components.add(name, jsonSchema(schema, io)) : schema,
    ...example,
  }));
}

function asSchema(schema: Content['schema'], io: 'input' | 'output'): JsonSchema {
  return isZod(schema) ? jsonSchema(schema, io) : schema;
}

export function isZod(schema: Content['schema']): schema is Exclude<Content['schema'], JsonSchema> {
  return '_zod' in schema;
}

function entries<Value, Made>(
  values: Readonly<Record<string, Value>> = {},
  make: (value: Value) => Made,
): Record<string, Made> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]));
}
