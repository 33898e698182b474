/**
 * The declarations of the typed client, written from the OpenAPI document, without the types of the server.
 */
import { openApiDocument, routes } from '../../edge/openapi/document.ts';
import { isZod } from '../../edge/openapi/paths.ts';
import {
  answerName,
  type Content,
  type Route,
  type RouteAnswer,
  requestName,
} from '../../edge/openapi/route.ts';
import { type JsonSchema, jsonSchema } from '../../edge/openapi/schema.ts';
import { PROBLEMS } from '../../edge/problems.ts';
import { JSON_TYPE } from '../../edge/requests/media.ts';
import { UnseenCategory } from '../../shared/api.ts';
import { Feedback } from '../../shared/feedbackApi.ts';
import { declaredType, readonlyText } from './declaredType.ts';

/** Statuses that any route may answer with a problem. */
const STATUSES = [...new Set(Object.values(PROBLEMS).map(({ status }) => status))].toSorted((a, b) => a - b);

/** Objects that several bodies hold, each declared once. */
const PARTS = { UnseenCategory, Feedback } as const;

/** Returns a type with the names of parts in their places, which are indented by how deep they are. */
function withParts(type: string): string {
  return Object.entries(PARTS).reduce((text, [name, part]) => {
    const schema = jsonSchema(part, 'input');
    return [2, 4, 6].reduce((all, indent) => all.replaceAll(declaredType(schema, indent), name), text);
  }, type);
}

/** Adds the declaration of a type, and returns its name. */
type Add = (name: string, schema: JsonSchema, io: 'input' | 'output') => string;

/** Returns the text of `client.d.ts`. */
export function clientDeclarations(): string {
  const { components } = openApiDocument();
  const named = Object.entries(routes()).filter(([, route]) => route.errors === undefined);
  const schemas = new Map<string, string>();
  const known = new Map<string, string>();
  const add: Add = (name, schema, io) => {
    const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
    const named = name in PARTS ? declaredType(schema) : withParts(declaredType(schema));
    const type = io === 'input' ? readonlyText(named) : named;
    // Routes may answer the same.
    const same = known.get(type);
    if (same === undefined) known.set(type, name);
    schemas.set(name, `${comment}export type ${name} = ${same ?? type};\n`);
    return name;
  };
  add('Problem', components.schemas.Problem!, 'output');
  for (const [name, part] of Object.entries(PARTS)) add(name, jsonSchema(part, 'input'), 'input');
  const paths = new Map<string, string>();
  for (const [address, route] of named) {
    const [method, path] = address.split(' ') as [string, string];
    paths.set(path, (paths.get(path) ?? '') + methodText(method, path, route, add));
  }
  const entries = [...paths].map(
    ([path, methods]) => `  ${JSON.stringify(path.replaceAll(/\{(\w+)\}/g, ':$1'))}: {\n${methods}  };\n`,
  );
  return [
    "import type { Hono } from 'hono';",
    "import type { ClientRequestOptions, hc } from 'hono/client';",
    '',
    ...schemas.values(),
    '/** A problem that a route may answer with instead (RFC 9457). */',
    `type Failure = { output: Problem; outputFormat: 'json'; status: ${STATUSES.join(' | ')} };`,
    '/** A JSON answer, or a problem. */',
    "type Answers<Input, Output, Status> = { input: Input; output: Output; outputFormat: 'json'; status: Status } | (Failure & { input: Input });",
    '/** A text answer, or a problem. */',
    "type AnswersText<Input> = { input: Input; output: string; outputFormat: 'text'; status: 200 } | (Failure & { input: Input });",
    '',
    '/** An answer to rows: its lists hold null, for a row that cannot be answered, only if it has `problems`. */',
    'type AnswerToRows<Answer extends { problems?: Array<Problem> }> = AnswerToAll<Answer> | (Answer & { problems: Array<Problem> });',
    "type AnswerToAll<Answer> = { [Member in keyof Answer]: Member extends 'problems' ? undefined : Answered<Answer[Member]> };",
    'type Answered<List> = List extends Array<infer Each> ? Array<NonNullable<Each>> : List;',
    '',
    '/** Every route of the API. */',
    `export type Routes = {\n${entries.join('')}};`,
    '',
    '/** The API as a Hono app. */',
    "export type AppType = Hono<{}, Routes, '/'>;",
    '',
    '/**',
    ' * Creates a typed client for the API at `baseUrl`.',
    ' *',
    ' * @example',
    " * const client = createClient('https://latentedge.example.workers.dev', { headers: { 'X-API-Key': key } });",
    " * const response = await client.v1.models[':model'].encode.$post({",
    " *   param: { model: 'digits' }, // or 'digits@0a1b2c3d4e5f'",
    ' *   json: { rows: [pixels] },',
    ' * });',
    ' * if (!response.ok) throw new Error((await response.json()).detail);',
    ' * const { codes, problems } = await response.json();',
    ' * if (problems) throw new Error(problems[0].detail); // some rows have no codes',
    ' */',
    'export declare function createClient(',
    '  baseUrl: string,',
    '  options?: ClientRequestOptions,',
    '): ReturnType<typeof hc<AppType>>;',
    '',
  ].join('\n');
}

function methodText(method: string, path: string, route: Route, add: Add): string {
  const [[status, { content }]] = Object.entries(route.answers) as [[string, RouteAnswer]];
  const answer = content[JSON_TYPE];
  const input = inputText(path, route, add);
  const type =
    answer === undefined
      ? `AnswersText<${input}>`
      : `Answers<${input}, ${answerText(answerName(route.id), answer, add)}, ${status}>`;
  return `    /** ${route.summary} */\n    $${method.toLowerCase()}: ${type};\n`;
}

function inputText(path: string, { id, query, request }: Route, add: Add) {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}: string`);
  const { properties = {} } = query ? jsonSchema(query, 'input') : {};
  // Query parameters are text on the wire.
  const inQuery = Object.keys(properties).map((name) => `${name}?: string`);
  const body = request?.[JSON_TYPE];
  const members = [
    ...(parameters.length > 0 ? [`param: { ${parameters.join('; ')} }`] : []),
    ...(inQuery.length > 0 ? [`query?: { ${inQuery.join('; ')} }`] : []),
    ...(body === undefined ? [] : [`json: ${nameOf(requestName(id), body, 'input', add)}`]),
  ];
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`;
}

function answerText(name: string, answer: Content, add: Add): string {
  const type = nameOf(name, answer, 'output', add);
  const { schema } = answer;
  const { properties = {} } = isZod(schema) ? jsonSchema(schema, 'output') : schema;
  return 'problems' in properties ? `AnswerToRows<${type}>` : type;
}

function nameOf(name: string, { schema }: Content, io: 'input' | 'output', add: Add): string {
  return add(name, isZod(schema) ? jsonSchema(schema, io) : schema, io);
}
