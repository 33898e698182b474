/** The reference of the API, written from its OpenAPI document. */
import { type OpenApiDocument, openApiDocument } from '../../../edge/openapi/document.ts';
import type { OpenApiOperation, OpenApiResponse, PathItems } from '../../../edge/openapi/paths.ts';
import { TAGS } from '../../../edge/openapi/route.ts';
import type { JsonSchema } from '../../../edge/openapi/schema.ts';
import { PROBLEMS } from '../../../edge/problems.ts';
import { code, markdownTable } from '../markdown.ts';
import { descriptionOf, valueText } from './settings.ts';
import { declarationText, membersOf, typeText, valuesText } from './types.ts';

const JSON_TYPE = 'application/json';

interface DocumentedRoute {
  /** `POST /v1/models/{model}/encode` */
  readonly address: string;
  readonly operation: OpenApiOperation;
}

/** Every route with a link to its section, grouped as the OpenAPI document groups them. */
export function routesTable(): string {
  const rows = routesOf(openApiDocument()).map(({ address, operation: { summary } }) => [
    `[${code(address)}](#${anchorOf(address)})`,
    summary,
  ]);
  return markdownTable(['route', 'description'], rows);
}

/** A section for every route: what it takes, and what it answers. */
export function routesReference(): string {
  const document = openApiDocument();
  const routes = routesOf(document);
  return Object.entries(TAGS)
    .flatMap(([tag, description]) => [
      `## ${tag.charAt(0).toUpperCase()}${tag.slice(1)}`,
      description,
      ...routes
        .filter(({ operation }) => operation.tags.includes(tag))
        .map((route) => routeSection(document, route)),
    ])
    .join('\n\n');
}

function routeSection(document: OpenApiDocument, { address, operation }: DocumentedRoute): string {
  const members = requestRows(document, address, operation);
  const parts = [
    `### ${code(address)}`,
    operation.summary,
    ...(members.length > 0 ? [markdownTable(['member', 'type', 'default', 'description'], members)] : []),
    answerText(document, operation),
  ];
  return parts.join('\n\n');
}

/** Members of the body, then, with a `?`, those of the query. */
function requestRows(
  document: OpenApiDocument,
  address: string,
  { requestBody, parameters }: OpenApiOperation,
): string[][] {
  const body = membersOf(oneOf(document, resolved(document, requestBody?.content[JSON_TYPE]?.schema)));
  const query = parameters
    .filter(({ in: place }) => place === 'query')
    .map(({ name, schema, description, required }) => ({
      name: `?${name}`,
      isRequired: required,
      schema: { ...schema, description },
    }));
  return [...body, ...query].map(({ name, isRequired, schema }) => [
    code(name),
    valuesText(schema),
    schema.default === undefined ? (isRequired ? 'required' : 'none') : valueText(schema.default),
    descriptionOf(`${address}, ${name}`, schema),
  ]);
}

/** A body may be one object or a list of objects: returns the schema of the object. */
function oneOf(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  const forms = (schema.anyOf ?? []).map((form) => resolved(document, form as JsonSchema));
  return forms.find((form) => membersOf(form).length > 0) ?? schema;
}

/** The JSON that is answered, as a type, and the other media types. */
function answerText(document: OpenApiDocument, { responses }: OpenApiOperation): string {
  const [{ content }] = Object.values(responses) as [OpenApiResponse];
  const types = Object.keys(content);
  const listed = `Answers ${types.map(code).join(', ')}.`;
  const answer = content[JSON_TYPE]?.schema;
  if (answer === undefined) return listed;
  return `${listed}\n\n\`\`\`text\n${declaredText(resolved(document, answer))}\n\`\`\``;
}

function declaredText(schema: JsonSchema): string {
  if (schema.type === 'array') return `Array<${declarationText(schema.items as JsonSchema)}>`;
  if (membersOf(schema).length > 0) return declarationText(schema);
  // One form of the answer after another.
  if (schema.anyOf) return schema.anyOf.map((each) => declaredText(each as JsonSchema)).join(' | ');
  return typeText(schema);
}

/** Every problem in the order of its status, then a section for each. */
export function problemsReference(): string {
  const problems = Object.entries(PROBLEMS).sort(([, a], [, b]) => a.status - b.status);
  const rows = problems.map(([slug, { status, title }]) => [
    `${status}`,
    `[${code(slug)}](#${anchorOf(slug)})`,
    title,
  ]);
  const sections = problems.map(
    ([slug, { status, title, help }]) => `## ${code(slug)}\n\n${status}: ${title}.\n\n${help}`,
  );
  return [markdownTable(['status', 'problem', 'description'], rows), ...sections].join('\n\n');
}

function routesOf({ paths }: OpenApiDocument): DocumentedRoute[] {
  return Object.entries<PathItems>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      address: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}

/** The anchor that a heading of this text has on GitHub. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

/** The component that a reference names. */
function resolved({ components }: OpenApiDocument, schema: JsonSchema = {}): JsonSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : components.schemas[name]!;
}
