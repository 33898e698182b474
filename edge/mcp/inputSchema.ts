/** Arguments of tools: the schemas that check requests over HTTP, narrowed to what one model takes. */
import { imageRowsOf } from '../../shared/imageRows.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { type JsonSchema, jsonSchema } from '../openapi/schema.ts';
import type { Operation } from '../requests/operation.ts';
import { layoutOf, type RowLayout } from '../requests/rows/layout.ts';
import { describeFeature } from './describe.ts';

/** Named features that are described one by one. */
export const MOST_FEATURES = 100;

/** True if an operation of a model takes an image in place of rows. */
export function takesImage(manifest: Manifest, operation: Operation): boolean {
  return (
    operation.kind === 'rows' && operation.takes === 'rows' && imageRowsOf(manifest.features) !== undefined
  );
}

/** Returns the JSON Schema of a tool's arguments: members of the body and query parameters, side by side. */
export function inputSchema(manifest: Manifest, operation: Operation): JsonSchema {
  const body = jsonSchema(operation.body, 'input');
  const query = jsonSchema(operation.query, 'output');
  const { rows, codes, ...others } = (body.properties ?? {}) as Record<string, JsonSchema>;
  const image = takesImage(manifest, operation);
  const required = [...(body.required ?? []), ...(query.required ?? [])];
  return {
    type: 'object',
    properties: {
      ...(rows && { rows: narrowed(rows, rowSchema(manifest, operation)) }),
      ...(image && { image: IMAGE }),
      ...(codes && { codes: { ...codes, items: numbers(manifest.codeSize) } }),
      ...others,
      ...query.properties,
    },
    required: image ? required.filter((member) => member !== 'rows') : required,
    additionalProperties: false,
  };
}

const IMAGE: JsonSchema = {
  type: 'string',
  contentEncoding: 'base64',
  contentMediaType: 'image/png',
  description: 'A PNG image, base64, in place of `rows`; of exactly the size that the model was trained on.',
};

/** Rows are also taken by position, but by name none of them is mistaken for another. */
function narrowed(rows: JsonSchema, items: JsonSchema): JsonSchema {
  const description = 'One or more rows in raw units, by feature name.';
  return { ...rows, ...(items.type === 'object' && { description }), items };
}

function rowSchema(manifest: Manifest, operation: Operation): JsonSchema {
  const graph = operation.kind === 'rows' ? operation.graphs[0] : 'encoder';
  if (manifest.graphs[graph] === undefined) return {};
  const layout = layoutOf(manifest, graph, 'rows');
  if (layout.positions === undefined) return numbers(layout.width);
  return namedRow(manifest, layout, [...layout.positions.keys()]);
}

function namedRow(manifest: Manifest, layout: RowLayout, names: readonly string[]): JsonSchema {
  const whole = {
    type: 'object',
    required: names.filter((_, position) => !layout.isOptional(position)),
    additionalProperties: layout.ignored.size > 0,
  } as const;
  if (names.length > MOST_FEATURES)
    return {
      ...whole,
      additionalProperties: true,
      description: `A row by feature name: ${names.join(', ')}.`,
    };
  const features = names.map((name, position) => {
    const type = JSON_TYPES[manifest.features.columns?.[position]?.type ?? 'number'];
    const description = describeFeature(manifest, position);
    const schema: JsonSchema = {
      type: (layout.isOptional(position) ? [type, 'null'] : type) as NonNullable<JsonSchema['type']>,
      ...(description && { description }),
    };
    return [name, schema] as const;
  });
  return { ...whole, properties: Object.fromEntries(features) };
}

const JSON_TYPES = { number: 'number', boolean: 'boolean', category: 'string' } as const;

function numbers(width: number): JsonSchema {
  return { type: 'array', items: { type: 'number' }, minItems: width, maxItems: width };
}
