/** Parsers of the flags of an import, which check the values. */
import { basename } from 'node:path';
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { ModelName } from '../../shared/manifest.ts';
import { ROLES, type Role } from '../../training/importing/roles.ts';

/** @throws {InputError} if a model cannot have the name. */
export function modelName(text: string): string {
  const { success, error } = ModelName.safeParse(text);
  if (success) return text;
  throw new InputError(`--name: ${error.issues[0]!.message}; received '${text.slice(0, 60)}'`);
}

/** Returns the name of a model that is named after its file. */
export function nameOfFile(path: string): string {
  return basename(path, '.onnx')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 96);
}

/** Parses a list that is separated by commas. */
export function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((each) => each.trim());
}

/** Parses `output=role`. */
export function parseRole(text: string): [string, Role] {
  const at = text.lastIndexOf('=');
  const role = ROLES.find((each) => each === text.slice(at + 1));
  if (at > 0 && role !== undefined) return [text.slice(0, at), role];
  throw new InputError(
    `--role: expected <output>=<role> with one of ${ROLES.join(', ')}, received '${text.slice(0, 80)}'${didYouMean(text.slice(at + 1), [...ROLES])}`,
  );
}

/** Parses `input=sizes`. */
export function parseSizes(text: string): [string, number[]] {
  const at = text.lastIndexOf('=');
  const sizes = text
    .slice(at + 1)
    .split(',')
    .map(Number);
  if (at > 0 && sizes.every((size) => Number.isInteger(size) && size > 0 && size <= 1e6))
    return [text.slice(0, at), sizes];
  throw new InputError(
    `--input-shape: expected <input>=<sizes>, for instance tokens=16, received '${text.slice(0, 80)}'`,
  );
}

/** Parses `attention_mask=1`. */
export function parseConstant(text: string): [string, number] {
  const at = text.lastIndexOf('=');
  const value = Number(text.slice(at + 1));
  if (at > 0 && at < text.length - 1 && Number.isFinite(value)) return [text.slice(0, at), value];
  throw new InputError(
    `--constant: expected <input>=<number>, for instance attention_mask=1, received '${text.slice(0, 80)}'`,
  );
}
