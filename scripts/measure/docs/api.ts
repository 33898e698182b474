/** Tables of the API, written from its OpenAPI document. */
import { type OpenApiDocument, openApiDocument } from '../../../edge/openapi/document.ts';
import type { OpenApiOperation, PathItems } from '../../../edge/openapi/paths.ts';
import type { JsonSchema } from '../../../edge/openapi/schema.ts';
import { PROBLEMS } from '../../../edge/problems.ts';
import { code, markdownTable } from '../markdown.ts';
import { type Setting, sharedSettingsTable, valuesText, valueText } from './settings.ts';

const JSON_TYPE = 'application/json';

/** Every route: what it does, the members of its request and those of its answer. */
export function routesTable(): string {
  const document = openApiDocument();
  const rows = operationsOf(document).map(([address, operation]) => {
    const { summary, requestBody, responses, parameters } = operation;
    const query = parameters.filter(({ in: place }) => place === 'query');
    const request = [
      ...membersOf(document, requestBody?.content[JSON_TYPE]?.schema),
      ...query.map(({ name }) => `?${name}`),
    ];
    const answer = responses[200]!.content;
    const types = Object.keys(answer).filter((type) => type !== JSON_TYPE);
    const members = membersOf(document, answer[JSON_TYPE]?.schema);
    return [
      code(address),
      summary,
      request.map(code).join(', '),
      members.length > 0 ? members.map(code).join(', ') : types.join(' or '),
    ];
  });
  return markdownTable(['route', 'does', 'request', 'answer'], rows);
}

/** What operations take, in the body or, with `?`, in the address. */
export function membersTable(): string {
  const document = openApiDocument();
  const owners = operationsOf(document)
    .filter(([, { requestBody }]) => requestBody !== undefined)
    .map(([, { operationId, requestBody, parameters }]) => {
      const { properties = {}, required = [] } = resolved(document, requestBody?.content[JSON_TYPE]?.schema);
      const members = Object.entries(properties).map(([name, property]) =>
        settingOf(name, property as JsonSchema, required.includes(name)),
      );
      const query = parameters
        .filter(({ in: place }) => place === 'query')
        .map(({ name, schema, description, required: isNeeded }) =>
          settingOf(`?${name}`, { ...schema, description }, isNeeded),
        );
      return [operationId, [...members, ...query]] as const;
    });
  return sharedSettingsTable('operations', Object.fromEntries(owners), 'member');
}

/** Every problem, in the order of its status. */
export function problemsTable(): string {
  const rows = Object.entries(PROBLEMS)
    .sort(([, a], [, b]) => a.status - b.status)
    .map(([slug, { status, title }]) => [`${status}`, code(slug), title]);
  return markdownTable(['status', 'problem', 'what it means'], rows);
}

function operationsOf({ paths }: OpenApiDocument): [address: string, operation: OpenApiOperation][] {
  return Object.entries<PathItems>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, OpenApiOperation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

function settingOf(name: string, schema: JsonSchema, isNeeded: boolean): Setting {
  const given = schema.default === undefined ? (isNeeded ? 'needed' : 'none') : valueText(schema.default);
  return { name, default: given, values: valuesText(schema), description: schema.description ?? '' };
}

function membersOf(document: OpenApiDocument, schema: JsonSchema | undefined): string[] {
  const { properties = {}, required = [] } = resolved(document, schema);
  return Object.keys(properties).map((name) => optional(name, required.includes(name)));
}

function optional(name: string, isRequired: boolean): string {
  return isRequired ? name : `${name}?`;
}

/** The component that a reference names. */
function resolved({ components }: OpenApiDocument, schema: JsonSchema = {}): JsonSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : components.schemas[name]!;
}
