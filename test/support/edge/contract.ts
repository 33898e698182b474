/** Holding real answers against what the OpenAPI document says. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { openApiDocument } from '../../../edge/openapi/document.ts';
import type { OpenApiOperation } from '../../../edge/openapi/paths.ts';
import { PROBLEM_TYPE } from '../../../edge/openapi/problems.ts';
import { BINARY_TYPE, JSON_TYPE } from './edgeWorker.ts';

export const document = openApiDocument();

const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  allErrors: true,
  // Bytes are not JSON, and are looked at in other ways.
  formats: {
    binary: true,
    uri: (text) => URL.canParse(text),
    'date-time': (text) => !Number.isNaN(Date.parse(text)),
  },
});
// It holds schemas, but is none.
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(document, 'openapi');

/** Every method and path of the document, as in `POST /v1/models/{model}/encode`. */
export const ADDRESSES = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

const TEMPLATES = Object.keys(document.paths).map((template) => {
  const pattern = template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+');
  return { template, pattern: new RegExp(`^${pattern}$`) };
});

/** The document's operation for a request, and where in the document it is. */
export function documented(
  method: string,
  path: string,
): { operation: OpenApiOperation; at: string[] } | undefined {
  const template = TEMPLATES.find(({ pattern }) => pattern.test(path))?.template;
  if (template === undefined) return undefined;
  const operation = document.paths[template]![method.toLowerCase()];
  return operation && { operation, at: ['paths', template, method.toLowerCase()] };
}

/** By the place of its schema: working out the reference takes longer than the check. */
const VALIDATORS = new Map<string, ValidateFunction>();

/** What the schema at a place of the document says against a value: nothing where it fits. */
export function violations(at: readonly string[], value: unknown): object[] {
  const place = at.join(' ');
  const validate = VALIDATORS.get(place) ?? validator(at);
  VALIDATORS.set(place, validate);
  return validate(value) ? [] : [...(validate.errors ?? [])];
}

function validator(at: readonly string[]): ValidateFunction {
  const pointer = at.map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1')));
  const validate = ajv.getSchema(`openapi#/${pointer.join('/')}`);
  if (!validate) throw new Error(`the document has no schema at ${at.join(' ')}`);
  return validate;
}

/** An answer whose body has arrived. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** Holds status, media type, headers and body of an answer against the document. */
export async function expectDocumented(method: string, path: string, response: Response): Promise<void> {
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(faultsOf(method, path, { status, headers, bytes })).toEqual([]);
}

/** What the document does not say of an answer: nothing where all of it is as documented. */
export function faultsOf(method: string, path: string, { status, headers, bytes }: Answer): unknown[] {
  const found = documented(method, path);
  if (!found) return [`${method} ${path} is not in the document`];
  const { operation, at } = found;
  const answer = operation.responses[status];
  if (!answer) return [`${method} ${path} is not documented to answer ${status}`];
  const type = essence(headers.get('Content-Type'));
  if (!(type in answer.content))
    return [`${method} ${path} is not documented to answer ${status} as ${type}`];
  const needed = Object.entries(answer.headers ?? {}).filter(([, header]) => 'required' in header);
  const missing = needed.map(([name]) => name).filter((name) => !headers.has(name));
  if (missing.length > 0) return missing.map((name) => `${method} ${path}: the header ${name} is missing`);
  if (type === BINARY_TYPE) {
    // With `dtype=int8`, codes have a byte for each number; the other forms are float32 and uint32.
    const isFloats = bytes.length % 4 === 0 || path.endsWith('/encode');
    return isFloats ? [] : [`${bytes.length} bytes are no float32 values`];
  }
  const schema = [...at, 'responses', `${status}`, 'content', type, 'schema'];
  const text = new TextDecoder().decode(bytes);
  const faults = documentsOf(type, text).flatMap((value) => violations(schema, value));
  const isNamed = type !== PROBLEM_TYPE || answer.description.includes(`\`${slugOf(text)}\``);
  return isNamed ? faults : [...faults, `${method} ${path} is not documented to answer ${slugOf(text)}`];
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
