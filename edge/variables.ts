/** Reading the Worker's variables (`[vars]` and secrets; wrangler.toml lists them), which are text or TOML's own types. */
import * as z from 'zod';

/** A whole number above 0. */
export const Count = z.coerce
  .number('expected a whole number')
  .int('expected a whole number')
  .positive('expected a number above 0');

export const Seconds = z.coerce.number('expected a number').positive('expected a number above 0');

/** @throws {Error} naming every variable that does not match its schema, never its value: it may be a secret. */
export function readVariables<Values>(schema: z.ZodType<Values>, variables: unknown): Values {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`wrong Worker variable: ${problems.join('; ')}`);
}
