/** Registries are object literals; this gives their keys a type. */

/** The keys of a registry, typed as such, for `z.enum` and for messages. */
export function keysOf<T extends object>(registry: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(registry) as [keyof T & string, ...(keyof T & string)[]];
}
