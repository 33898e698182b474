/** Returns a JSON value with every number as float32, which the short text of an answer's numbers stands for. */
export function asFloat32(value: unknown): unknown {
  if (typeof value === 'number') return Math.fround(value);
  if (Array.isArray(value)) return value.map(asFloat32);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asFloat32(member)]));
}
