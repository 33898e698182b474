/** zod schemas as JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
import * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Bounds that `int()` adds by itself. */
const SAFE = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/**
 * Returns the JSON Schema of a request (`input`: members with a default are optional) or of an answer
 * (`output`).
 *
 * @example
 * jsonSchema(z.number().int().min(1), 'input'); // { type: 'integer', minimum: 1 }
 */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    // Such schemas carry their JSON Schema as metadata.
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      if (SAFE.includes(made.minimum as number)) delete made.minimum;
      if (SAFE.includes(made.maximum as number)) delete made.maximum;
      // The format implies the pattern, and is readable.
      if (made.format !== undefined) delete made.pattern;
    },
  });
  return rest;
}
