/** A search in words: results, summaries and the commands that go on from here. */

import { shellWord } from '../../shared/shellWord.ts';
import { figure } from '../../training/report/format.ts';
import { resolveSettings } from '../../training/settings.ts';
import { COLUMN_FLAGS } from '../cli/columnFlags.ts';
import { commandLine } from '../cli/places.ts';
import type { PreparedRun, RecipeRun } from '../cli/preparedRun.ts';
import { columnsTable } from '../cli/tables.ts';
import { lastValue } from './search.ts';
import type { ShownTrial } from './shownTrials.ts';
import { type Dimension, settingsText, type TrialSettings, withinSpace } from './space.ts';
import type { Trial } from './study.ts';

/** One line about a trial that has ended a rung. */
export function resultLine({ trial, settings, rungs }: Trial, by: string, rung: string): string {
  const { epochs, value, problem } = rungs.at(-1)!;
  const found = problem ?? `${by} ${figure(value)} after epoch ${epochs}`;
  return `rung ${rung}  trial ${trial}  ${settingsText(settings)}  ${found}`;
}

export interface SummaryOptions {
  readonly by: string;
  readonly trials: readonly Trial[];
  readonly prepared: PreparedRun;
  readonly dimensions: readonly Dimension[];
}

/** The best trial against the recipe's own settings, if these were tried. */
export function summaryOf(
  best: Trial,
  { by, trials, prepared: { recipe, settings }, dimensions }: SummaryOptions,
): string {
  const { epochs } = best.rungs.at(-1)!;
  const { model, training, optimizer } = resolveSettings(recipe.variant, settings);
  const isOwn = withinSpace(dimensions, { ...model, ...training, ...optimizer }) !== undefined;
  const own = isOwn ? trials.find(({ trial }) => trial === 1) : undefined;
  const rung = own && Math.min(own.rungs.length, best.rungs.length) - 1;
  const against =
    own === undefined || rung === undefined
      ? ''
      : own === best
        ? ", which are the recipe's own"
        : `; after epoch ${own.rungs[rung]!.epochs} it had ${figure(best.rungs[rung]!.value)}, the recipe's own settings ${figure(own.rungs[rung]!.value)}`;
  return `best of ${trials.length} trials: ${settingsText(best.settings)} (trial ${best.trial}), with ${by} ${figure(lastValue(best))} on the validation rows after epoch ${epochs}${against}`;
}

/** All trials, the best first. */
export function trialTable(trials: readonly ShownTrial[], by: string): string {
  const rows = trials.map(({ trial, settings, epochs, value, problem, cost, seconds }) => [
    ...[
      String(trial),
      settingsText(settings),
      String(epochs),
      problem === undefined ? figure(value) : 'none',
    ],
    ...[String(cost?.codeSize ?? ''), cost?.latency.toFixed(3) ?? '', seconds.toFixed(1)],
  ]);
  return columnsTable(['trial', 'settings', 'epochs', by, 'code size', 'encode, ms', 'training, s'], rows);
}

/** The command line of this process, with `--resume`. */
export function resumeCommand(): string {
  const flags = process.argv.slice(2).filter((flag) => flag !== '--resume');
  return [commandLine('tune'), ...flags.map(shellWord), '--resume'].join(' ');
}

/** The command that trains the same model without a search. */
export function trainCommand(recipe: string, run: RecipeRun, best: TrialSettings): string {
  const kept = ([...COLUMN_FLAGS, 'name', 'data', 'items'] as const).flatMap((flag) =>
    [run[flag] ?? []].flat().flatMap((value) => [`--${flag}`, shellWord(value)]),
  );
  const set = [...run.set, ...settingsText(best).split(' ')].map(shellWord);
  const others = [
    ...(run.out === 'artifacts' ? [] : ['--out', shellWord(run.out)]),
    ...(run.rows === false ? ['--no-rows'] : []),
    ...(run.seed === 1 ? [] : ['--seed', String(run.seed)]),
  ];
  return [
    ...[commandLine('train'), recipe, ...kept, ...others],
    ...(set.length > 0 ? ['--set', ...set] : []),
  ].join(' ');
}
