/** Texts for `--help` about the settings of recipes. */
import { join, relative } from 'node:path';
import * as z from 'zod';
import type { AnyRecipe } from '../../training/recipes/recipe.ts';
import { schemasOf } from '../../training/settings.ts';
import { commandLine, PACKAGE_FOLDER } from './places.ts';

/**
 * The settings that a recipe chooses, each with its value as `--set` takes it and its description, and the page that
 * lists all. Without a recipe, how to see them.
 */
export function recipeSettings(recipe: AnyRecipe | undefined): string {
  const page = relative(process.cwd(), join(PACKAGE_FOLDER, 'docs/reference/settings.md'));
  if (recipe === undefined) {
    return `Settings:\n  ${commandLine('train')} <recipe> --help has those that a recipe chooses, ${page} all`;
  }
  const properties = Object.assign(
    {},
    ...schemasOf(recipe.variant, recipe.settings).map((schema) => z.toJSONSchema(schema).properties),
  ) as Record<string, z.core.JSONSchema.BaseSchema>;
  const chosen = Object.entries(recipe.settings).map(([name, value]) => [
    `${name}=${valueText(value)}`,
    properties[name]?.description?.replace(/; \[[^\]]*\]\([^)]*\)/, '') ?? '',
  ]);
  const width = Math.max(...chosen.map(([pair]) => pair!.length));
  const lines = chosen.map(([pair, description]) => `  ${pair!.padEnd(width)}  ${description}`);
  return [
    `Settings that ${recipe.name} chooses, which --set changes:`,
    ...lines,
    `All settings, with their ranges and defaults: ${page}`,
  ].join('\n');
}

function valueText(value: unknown): string {
  const isList = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number');
  if (isList) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
