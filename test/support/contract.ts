/** Holding real answers against what the OpenAPI document says. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { openApiDocument } from '../../edge/openapi/document.ts';
import type { OpenApiOperation } from '../../edge/openapi/paths.ts';
import { BINARY_TYPE, JSON_TYPE } from './edgeWorker.ts';

export const document = openApiDocument();

const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  allErrors: true,
  formats: { uri: (text) => URL.canParse(text), 'date-time': (text) => !Number.isNaN(Date.parse(text)) },
});
// It holds schemas, but is none.
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(document, 'openapi');

/** Every method and path of the document, as in `POST /v1/models/{model}/encode`. */
export const ADDRESSES = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

/** The document's operation for a request, and where in the document it is. */
export function documented(
  method: string,
  path: string,
): { operation: OpenApiOperation; at: string[] } | undefined {
  const template = Object.keys(document.paths).find((each) => {
    const pattern = each.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(path);
  });
  if (template === undefined) return undefined;
  const operation = document.paths[template]![method.toLowerCase()];
  return operation && { operation, at: ['paths', template, method.toLowerCase()] };
}

/** What the schema at a place of the document says against a value: nothing where it fits. */
export function violations(at: readonly string[], value: unknown): object[] {
  const pointer = at.map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1')));
  const validate = ajv.getSchema(`openapi#/${pointer.join('/')}`);
  if (!validate) throw new Error(`the document has no schema at ${at.join(' ')}`);
  return validate(value) ? [] : [...(validate.errors ?? [])];
}

/** Holds status, media type, headers and body of an answer against the document. */
export async function expectDocumented(method: string, path: string, response: Response): Promise<void> {
  const found = documented(method, path);
  expect(found, `${method} ${path} in the document`).toBeDefined();
  const { operation, at } = found!;
  const answer = operation.responses[response.status];
  expect(answer, `status ${response.status} of ${method} ${path}`).toBeDefined();
  const type = essence(response.headers.get('Content-Type'));
  expect(Object.keys(answer!.content)).toContain(type);
  for (const [name, header] of Object.entries(answer!.headers ?? {}))
    if ('required' in header) expect(response.headers.has(name), name).toBe(true);
  const schema = [...at, 'responses', `${response.status}`, 'content', type, 'schema'];
  if (type === BINARY_TYPE) {
    expect((await response.arrayBuffer()).byteLength % 4).toBe(0);
    return;
  }
  const text = await response.text();
  for (const value of documentsOf(type, text)) expect(violations(schema, value)).toEqual([]);
  if (type === 'application/problem+json') expect(answer!.description).toContain(`\`${slugOf(text)}\``);
}

/** The body as schemas speak of it: NDJSON is a document a line, text is a string. */
function documentsOf(type: string, text: string): unknown[] {
  if (type === 'application/x-ndjson')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return [type === JSON_TYPE || type.endsWith('+json') ? JSON.parse(text) : text];
}

export function slugOf(problem: string): string {
  return new URL(JSON.parse(problem).type).pathname.split('/').at(-1)!;
}

function essence(header: string | null): string {
  return header?.split(';', 1)[0] ?? '';
}
