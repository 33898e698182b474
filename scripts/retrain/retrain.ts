/** One run: training a challenger, and promoting it if every gate passes. */
import { randomBytes } from 'node:crypto';
import { GateError, InputError, InterruptedError } from '../../shared/errors.ts';
import type { ColumnChoices } from '../../training/data/choices.ts';
import { fingerprint } from '../../training/data/dataset.ts';
import { acceptCandidate, markCandidate } from '../cli/candidates.ts';
import { commandLine } from '../cli/places.ts';
import { prepareRecipe } from '../cli/training.ts';
import { readAliases } from './aliases.ts';
import { inChampionOrder } from './columnOrder.ts';
import { championOf, type RetrainOptions, type RetrainRun, type RunState } from './context.ts';
import { acceptedText } from './gates/judging.ts';
import { type Journal, type Outcome, openJournal } from './journal.ts';
import { acquireLock, type RunLock } from './lock.ts';
import { type RunProgress, resume } from './resume.ts';
import { STEPS, type StepName } from './steps/registry.ts';
import type { RetrainStep } from './steps/step.ts';
import { readStoredManifest } from './stored.ts';
import type { Target } from './targets/target.ts';
import { undo } from './undo.ts';

export interface Retrained {
  readonly run: string;
  readonly outcome: Outcome;
  readonly model: string;
  readonly champion: string | null;
  readonly challenger: string | null;
}

export interface RetrainCall {
  readonly recipe: string;
  readonly options: RetrainOptions;
  readonly target: Target;
  /** Seconds after which the lock of a dead run expires. */
  readonly lockSeconds: number;
  /** Seconds to wait for another run to end. */
  readonly wait: number;
  readonly print: (line: string) => void;
}

/**
 * Runs all steps, or resumes a killed run. After an error, production is unchanged.
 * @throws {GateError} if the challenger is refused or rolled back, or if another run is in progress.
 * @throws {InputError} if the data cannot be read, or the store refuses requests. If the store also prevents
 * the rollback, a canary may remain; the message then gives the command that removes it.
 */
export async function retrain({
  recipe,
  options,
  target,
  lockSeconds,
  wait,
  print,
}: RetrainCall): Promise<Retrained> {
  const id = `${new Date().toISOString().slice(0, 10)}-${randomBytes(4).toString('hex')}`;
  const model = options.name ?? recipe;
  const lock = await acquireLock(target.bucket, model, { holder: id, seconds: lockSeconds, wait, print });
  try {
    const journal = await openJournal(target.bucket, model);
    const prepared = await prepareRecipe(recipe, {
      ...(await championChoices(target, model, print)),
      ...options,
    });
    const history = [...journal.entries];
    const call = { model, options, prepared, history, target, print };
    const progress = await begin(call, journal, id);
    return await runSteps({ ...call, id: progress.id }, progress, journal, lock);
  } finally {
    // If the store is unavailable, the lock expires by itself.
    await lock.release().catch(() => undefined);
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

/** Resumes or undoes a killed run; unless resuming, records the start of this one. */
async function begin(call: Omit<RetrainRun, 'id'>, journal: Journal, id: string): Promise<RunProgress> {
  const { options, prepared, target, model } = call;
  const { canary, watch, limits, accept, allowBreaking, warmStart, seed } = options;
  const { recipe, engine, settings, data } = prepared;
  const identity: Record<string, unknown> = JSON.parse(
    JSON.stringify({
      ...{ recipe: recipe.name, settings, seed, engine, data: fingerprint(data) },
      ...{ canary, watch, limits, accept, allowBreaking, warmStart },
    }),
  );
  const progress = await resume(call, journal, identity);
  if (progress !== undefined) return progress;
  const { aliases } = await readAliases(target.bucket, target.release.key(model));
  if (aliases?.canary !== undefined) {
    throw new GateError(
      `${model} already has a canary, version ${aliases.canary.version}: promote it with "${commandLine('deploy')} --promote ${model}" or remove it with "${commandLine('deploy')} --rollback ${model}", with the --target of this run`,
    );
  }
  const state: RunState = { before: aliases ?? null };
  await journal.append({ run: id, event: 'started', details: { identity, found: state } });
  return { id, state, done: new Set() };
}

/** Runs every step that is not done yet, with an entry in the journal before and after it. */
async function runSteps(
  run: RetrainRun,
  progress: RunProgress,
  journal: Journal,
  lock: RunLock,
): Promise<Retrained> {
  const { id, model, target, print } = run;
  let { state } = progress;
  const begun = new Set(progress.done);
  const end = async (outcome: Outcome, reason?: string): Promise<Retrained> => {
    await settleCandidate(run, state, outcome, reason);
    await journal.append({ run: id, event: 'ended', outcome, ...(reason !== undefined && { reason }) });
    const champion = state.before?.production ?? null;
    return { run: id, outcome, model, champion, challenger: state.challenger ?? null };
  };
  try {
    const champion = await championOf(run, state);
    const prepared = champion ? inChampionOrder(run.prepared, champion.manifest) : run.prepared;
    for (const [name, step] of Object.entries(STEPS) as [StepName, RetrainStep][]) {
      if (progress.done.has(name) || step.applies?.(run, state) === false) continue;
      lock.signal.throwIfAborted();
      print(`\n${name}: ${step.summary}`);
      begun.add(name);
      await journal.append({ run: id, event: 'begun', step: name });
      const found = await step.run({ ...run, prepared }, state);
      lock.signal.throwIfAborted();
      state = { ...state, ...found };
      await journal.append({ run: id, event: 'done', step: name, details: { found } });
      if (state.challenger !== undefined && state.challenger === state.before?.production) {
        print('the challenger is identical to the champion: same data, same seed, same model');
        return await end('unchanged');
      }
    }
  } catch (error) {
    // Another run has taken the lock, and with it the task of resuming or undoing this one.
    if (lock.signal.aborted) throw lock.signal.reason;
    try {
      await undo({ target, model, state, keepPromoted: false, print });
      await end(outcomeOf(error, begun), reasonOf(error));
    } catch (cause) {
      throw new InputError(
        `${reasonOf(error)}; undoing the run failed, too (${reasonOf(cause)}): the next run undoes it, or use "${commandLine('deploy')} --rollback ${model}", with the --target of this run`,
        { cause: error },
      );
    }
    throw error;
  }
  return end('promoted', acceptedText([...(state.dataVerdicts ?? []), ...(state.modelVerdicts ?? [])]));
}

/** Moves a promoted challenger to the artifacts that may be served, and marks any other with its verdict. */
async function settleCandidate(
  { id, model, options: { out, dryRun } }: RetrainRun,
  { challenger }: RunState,
  outcome: Outcome,
  reason: string | undefined,
): Promise<void> {
  if (challenger === undefined) return;
  if (outcome === 'unchanged' || (outcome === 'promoted' && !dryRun))
    return acceptCandidate(out, model, challenger);
  const verdict = dryRun && outcome === 'promoted' ? 'untested' : outcome;
  await markCandidate(out, model, challenger, { run: id, outcome: verdict, ...(reason && { reason }) });
}

function outcomeOf(error: unknown, begun: ReadonlySet<StepName>): Outcome {
  if (error instanceof InterruptedError) return 'abandoned';
  if (!(error instanceof GateError)) return 'failed';
  return begun.has('publish') ? 'rolled back' : 'refused';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${reasonOf(error.cause)})` : error.message;
}
