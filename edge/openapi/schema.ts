/** zod's schemas as JSON Schema 2020-12, which is what OpenAPI 3.1 takes. */
import * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Bounds that `int()` adds, which nobody set. */
const SAFE = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/**
 * Of what is sent (`input`: members with a default may be left out), or of what is answered (`output`).
 *
 * @example
 * jsonSchema(z.number().int().min(1), 'input'); // { type: 'integer', minimum: 1 }
 */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    // Those say by themselves, as metadata, what they are.
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      if (SAFE.includes(made.minimum as number)) delete made.minimum;
      if (SAFE.includes(made.maximum as number)) delete made.maximum;
      // The format says the same, and can be read.
      if (made.format !== undefined) delete made.pattern;
    },
  });
  return rest;
}
