/**
 * Reading the Worker's variables (`[vars]` and secrets; wrangler.toml lists them): text, or a type of TOML.
 */
import * as z from 'zod';

/** A whole number above 0. */
export const Count = z.coerce
  .number('expected a whole number')
  .int('expected a whole number')
  .positive('expected a number above 0');

export const Seconds = z.coerce.number('expected a number').positive('expected a number above 0');

/** A schema that also accepts JSON text: secrets are text, but `[vars]` may hold the value itself. */
export function json<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON' });
      return z.NEVER;
    }
  }, schema);
}

/**
 * Checks variables against a schema.
 * @throws {Error} naming the wrong variables, never their values: these may be secrets.
 */
export function readVariables<Values>(schema: z.ZodType<Values>, variables: unknown): Values {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`wrong Worker variable: ${problems.join('; ')}`);
}
