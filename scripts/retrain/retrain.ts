/** One run: train a challenger and, if every gate passes, have it answer in place of the champion. */
import { randomBytes } from 'node:crypto';
import { GateError, InputError, InterruptedError } from '../../shared/errors.ts';
import { fingerprint } from '../../training/data/dataset.ts';
import { prepareRecipe } from '../cli/training.ts';
import { readAliases } from './aliases.ts';
import type { RetrainOptions, Run, State } from './context.ts';
import { type Journal, type Outcome, openJournal } from './journal.ts';
import { acquireLock, type Lock } from './lock.ts';
import { type Progress, resume } from './resume.ts';
import { STEPS, type StepName } from './steps/registry.ts';
import type { Step } from './steps/step.ts';
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
  /** Seconds after which the lock of a run that is gone is free. */
  readonly lockSeconds: number;
  /** Seconds to wait for another run. */
  readonly wait: number;
  readonly print: (line: string) => void;
}

/**
 * @throws {GateError} where the challenger is refused or had to be taken back, and where another run is at work; production
 * is then what it was.
 * @throws {InputError} for data that cannot be read, and where the store refuses; production is then what it was, but for a canary
 * that the message names where the store does not even let it be taken back.
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
  const lock = await acquireLock(target.bucket, recipe, { holder: id, seconds: lockSeconds, wait, print });
  try {
    const journal = await openJournal(target.bucket, recipe);
    const prepared = await prepareRecipe(recipe, options);
    const call = { model: recipe, options, prepared, target, print };
    const progress = await begin(call, journal, id);
    return await runSteps({ ...call, id: progress.id }, progress, journal, lock);
  } finally {
    // Where the store is away, the lock expires by itself.
    await lock.release().catch(() => undefined);
  }
}

/** What a killed run left is continued or undone; then this one is written down. */
async function begin(call: Omit<Run, 'id'>, journal: Journal, id: string): Promise<Progress> {
  const { options, prepared, target, model } = call;
  const { canary, watch, limits, allowBreaking, warmStart, seed } = options;
  const { recipe, engine, settings, data } = prepared;
  const identity: Record<string, unknown> = JSON.parse(
    JSON.stringify({
      ...{ recipe: recipe.name, settings, seed, engine, data: fingerprint(data) },
      ...{ canary, watch, limits, allowBreaking, warmStart },
    }),
  );
  const progress = await resume(call, journal, identity);
  if (progress !== undefined) return progress;
  const { aliases } = await readAliases(target.bucket, target.release.key(model));
  if (aliases?.canary !== undefined) {
    throw new GateError(
      `${model}: version ${aliases.canary.version} is a canary already: promote it or roll it back with npm run deploy`,
    );
  }
  const state: State = { before: aliases ?? null };
  await journal.append({ run: id, event: 'started', details: { identity, found: state } });
  return { id, state, done: new Set() };
}

/** The loop: every step that is not done, with a line in the journal before and after it. */
async function runSteps(run: Run, progress: Progress, journal: Journal, lock: Lock): Promise<Retrained> {
  const { id, model, target, print } = run;
  let { state } = progress;
  const begun = new Set(progress.done);
  const end = async (outcome: Outcome, reason?: string): Promise<Retrained> => {
    await journal.append({ run: id, event: 'ended', outcome, ...(reason !== undefined && { reason }) });
    const champion = state.before?.production ?? null;
    return { run: id, outcome, model, champion, challenger: state.challenger ?? null };
  };
  try {
    for (const [name, step] of Object.entries(STEPS) as [StepName, Step][]) {
      if (progress.done.has(name) || step.applies?.(run, state) === false) continue;
      lock.signal.throwIfAborted();
      print(`\n${name}: ${step.summary}`);
      begun.add(name);
      await journal.append({ run: id, event: 'begun', step: name });
      const found = await step.run(run, state);
      lock.signal.throwIfAborted();
      state = { ...state, ...found };
      await journal.append({ run: id, event: 'done', step: name, details: { found } });
      if (state.challenger !== undefined && state.challenger === state.before?.production) {
        print('the challenger is the champion: same data, same seed, same model');
        return await end('unchanged');
      }
    }
  } catch (error) {
    // Someone else is at work: what is left is theirs to continue or to undo.
    if (lock.signal.aborted) throw lock.signal.reason;
    try {
      await undo({ target, model, state, keepPromoted: false, print });
      await end(outcomeOf(error, begun), reasonOf(error));
    } catch (cause) {
      throw new InputError(
        `${reasonOf(error)}; and it could not be taken back (${reasonOf(cause)}): the next run does, or npm run deploy -- --rollback ${model}`,
        { cause: error },
      );
    }
    throw error;
  }
  return end('promoted');
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
