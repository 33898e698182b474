/** Settings from the command line: `--set key=value`. */
import type * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { type VariantChoice, variantOf } from '../../training/models/variantChoice.ts';

/**
 * Parses `key=value` pairs. A value that looks like JSON is parsed, numbers separated by commas are a list, and
 * any other value is a string. One value for a setting that takes a list is a list of it.
 * @throws {InputError} for a pair without a key, and for JSON that cannot be parsed.
 */
export function parseSettings(variant: VariantChoice, pairs: readonly string[]): Record<string, unknown> {
  const { shape } = variantOf(variant).config;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new InputError(`--set: expected key=value, received '${pair}'`);
      const key = pair.slice(0, at);
      const value = parseValue(pair.slice(at + 1), '--set');
      const schema = Object.hasOwn(shape, key) ? (shape as Record<string, z.ZodType>)[key] : undefined;
      const isList = schema?.safeParse(value).success === false && schema.safeParse([value]).success;
      return [key, isList ? [value] : value];
    }),
  );
}

const NUMBERS = /^-?[\d.]+(e-?\d+)?(\s*,\s*-?[\d.]+(e-?\d+)?)+$/i;

/** Parses one value of the flag, in the same way. @throws {InputError} for JSON that cannot be parsed. */
export function parseValue(text: string, flag: string): unknown {
  const isJson = /^(-?\d|\[|\{|true$|false$|null$|")/.test(text);
  if (!isJson) return text;
  try {
    return JSON.parse(NUMBERS.test(text) ? `[${text}]` : text);
  } catch (cause) {
    throw new InputError(`${flag}: '${text}' looks like JSON but cannot be parsed`, { cause });
  }
}
