/** The command that looks for better settings of a model. */
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import { shellWord } from '../../shared/shellWord.ts';
import { commandLine } from '../commandLine.ts';

/**
 * Returns a command to paste, on the same data with the same choices about its columns. Data that a program has passed
 * to `train()` has no command: its recipe is left open.
 * @param by Metric that settings are chosen by.
 */
export function tuneCommand(
  { name, recipe, data }: Pick<ManifestContent, 'name' | 'recipe' | 'data'>,
  by: string,
): string {
  const { choices, location, source } = data;
  if (choices === undefined && location === undefined) return `${commandLine('tune')} <recipe> --by ${by}`;
  const flags = Object.entries(choices ?? {}).flatMap(([flag, value]) =>
    [value].flat().flatMap((each) => [`--${flag}`, shellWord(each)]),
  );
  return [
    ...[commandLine('tune'), recipe.name, '--data', shellWord(location ?? source), ...flags],
    ...(name === recipe.name ? [] : ['--name', name]),
    ...['--by', by],
  ].join(' ');
}
