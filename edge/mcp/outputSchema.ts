/** Answers of tools: the schemas that document answers over HTTP, in the form that tools answer in. */
import * as z from 'zod';
import { Problem } from '../../shared/api.ts';
import { imageRowsOf } from '../../shared/imageRows.ts';
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import { type JsonSchema, jsonSchema } from '../openapi/schema.ts';
import type { Operation } from '../requests/operation.ts';
import { MOST_FEATURES } from './inputSchema.ts';
import { type AnsweredFeature, answeredFeatures } from './namedRows.ts';
import { IMAGE_TYPE } from './result.ts';

/** Returns the JSON Schema of the `structuredContent` of a tool's result, unless that is an error. */
export function outputSchema(manifest: Manifest, { answer }: Operation): JsonSchema {
  const whole = jsonSchema(answer, 'output');
  const { rows, problems, ...others } = whole.properties as Record<string, JsonSchema>;
  const isImage = rows !== undefined && imageRowsOf(manifest.features) !== undefined;
  return {
    ...whole,
    properties: {
      ...others,
      ...(rows && (isImage ? { images: IMAGES } : { rows: narrowed(manifest, rows) })),
      ...(problems && { problems: { ...problems, items: jsonSchema(PROBLEM, 'output') } }),
    },
    ...(isImage && { required: whole.required!.map((member) => (member === 'rows' ? 'images' : member)) }),
  };
}

const IMAGES: JsonSchema = {
  type: 'array',
  items: { enum: [IMAGE_TYPE, null] },
  description:
    'One element per row, in order: the images themselves follow as content; null for one that cannot be answered.',
};

/** Problems have their name in place of an address, and no status. */
const PROBLEM = z.lazy(() =>
  Problem.unwrap()
    .omit({ type: true, title: true, status: true })
    .extend({ problem: z.string().describe('The kind of problem.') }),
);

/** Rows are by feature name where features have names; one that cannot be answered is null. */
function narrowed(manifest: Manifest, rows: JsonSchema): JsonSchema {
  const features = answeredFeatures(manifest, answeredWidth(manifest));
  if (features === undefined) return rows;
  const { anyOf } = rows.items as JsonSchema;
  const row = rowSchema(features);
  return {
    ...rows,
    description: 'Rows in raw units, by feature name; a category has the probability of each of its values.',
    items: anyOf === undefined ? row : { anyOf: [row, { type: 'null' }] },
  };
}

/** Returns the number of values in a row that graphs answer. */
function answeredWidth({ graphs }: Manifest): number {
  const outputs = graphEntries(graphs).flatMap(([, graph]) => graph.outputs);
  return Number(outputs.find(({ name }) => name === 'reconstruction')?.shape[1]);
}

function rowSchema(features: readonly AnsweredFeature[]): JsonSchema {
  if (features.length > MOST_FEATURES) return { type: 'object' };
  const properties = features.map(({ name, categories }): [string, JsonSchema] => [
    name,
    categories === undefined
      ? { type: 'number' }
      : { type: 'object', additionalProperties: { type: 'number' } },
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: features.map(({ name }) => name),
    additionalProperties: false,
  };
}
