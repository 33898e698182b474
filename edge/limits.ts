/** How much one request may carry, from the Worker's variables (`[vars]` in wrangler.toml). */
import * as z from 'zod';

/** A whole number above 0, also as text. */
export const Count = z.coerce
  .number('expected a whole number')
  .int('expected a whole number')
  .positive('expected a number above 0');

const LimitVariables = z.object({
  MAX_ROWS: Count.default(1024),
  MAX_STREAMED_ROWS: Count.default(65_536),
  MAX_BODY_BYTES: Count.default(8 * 1024 * 1024),
});

export interface Limits {
  /** Rows that are answered in one piece. */
  readonly maxRows: number;
  /** Rows in one request, answered piece by piece. */
  readonly maxStreamedRows: number;
  /** Bytes in one request's body. */
  readonly maxBodyBytes: number;
}

/**
 * Reads the limits; a variable that is not set has its default.
 * @throws {Error} naming the variable and what is wrong with it.
 */
export function readLimits(variables: unknown): Limits {
  const {
    MAX_ROWS: maxRows,
    MAX_STREAMED_ROWS,
    MAX_BODY_BYTES: maxBodyBytes,
  } = readVariables(LimitVariables, variables);
  return { maxRows, maxStreamedRows: Math.max(maxRows, MAX_STREAMED_ROWS), maxBodyBytes };
}

/** @throws {Error} naming every variable that does not match its schema. */
export function readVariables<Values>(schema: z.ZodType<Values>, variables: unknown): Values {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`wrong Worker variable: ${problems.join('; ')}`);
}
