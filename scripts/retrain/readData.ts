/** Reading the data of a run, with the choices about columns that its champion was trained with. */
import type { ColumnChoices } from '../../training/data/choices.ts';
import { type PreparedRun, prepareRecipe } from '../cli/training.ts';
import { readAliases } from './aliases.ts';
import type { RetrainCall } from './call.ts';
import type { RunState } from './context.ts';
import type { Journal } from './journal.ts';
import { notBegun } from './notBegun.ts';
import { origin } from './origin.ts';
import { readStoredManifest } from './stored.ts';
import type { Target } from './targets/target.ts';

/** Reads the data. A run that cannot read it is recorded, too. */
export async function readData(call: RetrainCall, journal: Journal, id: string): Promise<PreparedRun> {
  const { recipe, options, target, print } = call;
  const model = options.name ?? recipe;
  try {
    return await prepareRecipe(recipe, { ...(await championChoices(target, model, print)), ...options });
  } catch (error) {
    const record = (reason: string, found: RunState) => {
      const details = { found, by: origin() };
      return journal.append({ run: id, event: 'ended', outcome: 'failed', reason, details });
    };
    throw await notBegun(call, { id, outcome: 'failed', error, record });
  }
}

/** Returns the choices about columns that the champion was trained with: the challenger takes the same. */
async function championChoices(
  { bucket, release }: Target,
  model: string,
  print: (line: string) => void,
): Promise<ColumnChoices> {
  const { aliases } = await readAliases(bucket, release.key(model));
  if (aliases === undefined) return {};
  const { choices = {} } = (await readStoredManifest(bucket, model, aliases.production)).data;
  const flags = Object.entries(choices).map(([name, value]) => {
    const flag = name === 'target' ? 'target-column' : name;
    return `--${flag} ${[value].flat().join(',')}`;
  });
  if (flags.length > 0) print(`columns as in ${model}@${aliases.production}: ${flags.join(' ')}`);
  return choices;
}
