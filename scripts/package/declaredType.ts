/** Conversion of JSON Schema to TypeScript types, for the packages' declarations. */
import type { JsonSchema } from '../../edge/openapi/schema.ts';

type Schema = JsonSchema | boolean;

/**
 * Returns the TypeScript type of the values that a schema allows.
 *
 * @param indent Spaces in front of the members of an object.
 *
 * @example
 * declaredType({ type: 'array', items: { type: ['number', 'null'] } }); // Array<number | null>
 */
export function declaredType(schema: Schema, indent = 2): string {
  if (typeof schema === 'boolean') return 'unknown';
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1)!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return union(either.map((each) => declaredType(each, indent)));
  if (schema.allOf !== undefined) return schema.allOf.map((each) => declaredType(each, indent)).join(' & ');
  if (Array.isArray(schema.type))
    return union(schema.type.map((type) => declaredType({ ...schema, type }, indent)));
  switch (schema.type) {
    case 'integer':
      return 'number';
    case 'array':
      return arrayText(schema, indent);
    case 'object':
      return objectText(schema, indent);
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      return 'unknown';
  }
}

/** Returns a member of an interface, with its description as a doc comment. */
export function memberText(name: string, schema: Schema, isRequired: boolean, indent: number): string {
  const space = ' '.repeat(indent);
  const description = typeof schema === 'boolean' ? undefined : schema.description;
  const comment = description === undefined ? '' : `${space}/** ${description.replaceAll('*/', '*\\/')} */\n`;
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return `${comment}${space}${key}${isRequired ? '' : '?'}: ${declaredType(schema, indent + 2)};\n`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function arrayText({ prefixItems, items }: JsonSchema, indent: number): string {
  if (prefixItems !== undefined)
    return `[${prefixItems.map((each) => declaredType(each as Schema, indent)).join(', ')}]`;
  return `Array<${declaredType((items as Schema | undefined) ?? true, indent)}>`;
}

function objectText(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  indent: number,
): string {
  const members = Object.entries(properties).map(([name, schema]) =>
    memberText(name, schema as Schema, required.includes(name), indent),
  );
  if (members.length > 0) return `{\n${members.join('')}${' '.repeat(indent - 2)}}`;
  if (additionalProperties === undefined || additionalProperties === false) return '{}';
  return `Record<string, ${declaredType(additionalProperties as Schema, indent)}>`;
}

/** Returns the type with readonly arrays and records, so that readonly values may be passed, too. */
export function readonlyText(type: string): string {
  return type
    .replaceAll(/\b(?<!Readonly)Array</g, 'ReadonlyArray<')
    .replaceAll(/\bRecord<string, ([^<>]+)>/g, 'Readonly<Record<string, $1>>');
}
