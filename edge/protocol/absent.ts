/** Null members of the protocol's JSON: several clients write null for an optional member without a value. */
import * as z from 'zod';

/** Wraps the schema of a body: optional members may also be null, down to `parameters`; data stays as it is. */
export function nullable<Body>(schema: z.ZodType<Body>) {
  return z.preprocess((value) => withoutNulls(value, MEMBERS), schema);
}

/** Members that are searched, each with the members below it that are searched, too. */
interface Members {
  readonly [name: string]: Members;
}
const MEMBERS: Members = {
  parameters: {},
  inputs: { parameters: {} },
  outputs: { parameters: {} },
};

function withoutNulls(value: unknown, members: Members): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each, members));
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    present.map(([name, member]) => {
      const below = Object.hasOwn(members, name) ? members[name] : undefined;
      return [name, below === undefined ? member : withoutNulls(member, below)];
    }),
  );
}
