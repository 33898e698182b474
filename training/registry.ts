/** Returns the keys of a registry (an object literal) with their literal types, for `z.enum` and messages. */
export function keysOf<T extends object>(registry: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(registry) as [keyof T & string, ...(keyof T & string)[]];
}
