/** Making the Workers follow aliases that a step has changed. */
import type { Aliases } from '../../shared/aliases.ts';
import { printAside } from '../cli/printable.ts';
import { shown } from './aliases.ts';
import type { RetrainRun } from './context.ts';

/** Prints the aliases, and warns if the Workers follow them only later. */
export async function followAliases(
  { model, target: { release }, print }: Pick<RetrainRun, 'model' | 'target' | 'print'>,
  aliases: Aliases,
): Promise<void> {
  const later = await release.follow(model, aliases);
  if (later !== undefined) printAside(`warning: ${later}`);
  print(`${release.key(model)}: ${shown(aliases)}`);
}
