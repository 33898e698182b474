/** One run: training a challenger, and promoting it if every gate passes. */
import { BusyError, InputError, StorageError } from '../../shared/errors.ts';
import { printAside } from '../cli/printable.ts';
import { type AftermathOptions, aftermathOf, withAftermath } from './aftermath.ts';
import { nextAfter } from './again.ts';
import { readAliases, requireNoCanary, requireShadowFits } from './aliases.ts';
import type { RetrainCall, Retrained } from './call.ts';
import { clockLine } from './clock.ts';
import { inChampionOrder } from './columnOrder.ts';
import { championOf, type RetrainRun, type RunState } from './context.ts';
import { acceptedText } from './gates/judging.ts';
import { identityOf } from './identity.ts';
import { interruptible } from './interruptible.ts';
import { type Journal, type Outcome, openJournal } from './journal.ts';
import { acquireLock } from './lock.ts';
import type { RunLock } from './lockRecord.ts';
import { busy, earlyOutcome, endedEarly, refusedAtStart } from './notBegun.ts';
import { notePromoted } from './notePromoted.ts';
import { origin } from './origin.ts';
import { removeProductionData } from './productionData.ts';
import { readData } from './readData.ts';
import { reasonOf } from './reason.ts';
import { rememberPromoted } from './rememberPromoted.ts';
import { rollbackLine } from './repairs.ts';
import { type RunProgress, resume } from './resume.ts';
import { newRunId } from './runId.ts';
import { settleCandidate } from './settleCandidate.ts';
import { STEPS, type StepName } from './steps/registry.ts';
import type { RetrainStep } from './steps/step.ts';
import { notedIfLost, recordNotes } from './unrecorded.ts';

/** Columns that are no features, such as an id, may have changed. */
const SAME_ROWS =
  "the champion's rows came again, apart from columns that the model does not use; if new ones were due, look at the export";

/**
 * Runs all steps, or resumes a killed run. After an error, production is what it was; the message tells what is
 * in force, what was undone, and what to do next.
 * @throws {GateError} if the challenger is refused or rolled back.
 * @throws {BusyError} if another run is in progress.
 * @throws {InterruptedError} if `signal` was aborted.
 * @throws {InputError} if the data cannot be read, or the store refuses requests.
 */
export async function retrain(call: RetrainCall): Promise<Retrained> {
  const { recipe, options, target, lockSeconds, wait, signal, print } = call;
  const id = newRunId();
  const model = options.name ?? recipe;
  const lock = await acquireLock(target.bucket, model, {
    ...{ holder: id, seconds: lockSeconds, wait, signal, print },
  }).catch(async (error: unknown) => {
    if (error instanceof BusyError) throw await busy(call, id, error);
    if (signal.aborted) throw await endedEarly(call, id, undefined, signal.reason);
    // Its disk is full, for instance, and it can be read all the same.
    if (error instanceof StorageError) throw await endedEarly(call, id, undefined, error);
    throw error instanceof InputError ? await refusedAtStart(call, id, error) : error;
  });
  try {
    const { run, progress, journal } = await begun(call, id);
    return await runSteps({ ...run, id: progress.id }, { progress, journal, lock, call });
  } finally {
    await removeProductionData(call);
    // If the store is unavailable, the lock expires by itself.
    await lock.release().catch(() => undefined);
  }
}

/** Reads the data, and begins. A run that cannot is recorded, too. */
async function begun(call: RetrainCall, id: string) {
  const { recipe, options, command, target, signal, print } = call;
  const model = options.name ?? recipe;
  let journal: Journal | undefined;
  try {
    signal.throwIfAborted();
    const clock = await clockLine(target.bucket, model);
    if (clock !== undefined) print(clock);
    journal = await openJournal(target.bucket, model);
    await recordNotes(target, model, journal);
    const prepared = await readData(call, journal);
    const history = [...journal.entries];
    const run = { model, options: { ...options, signal }, command, prepared, history, target, print };
    return { run, journal, progress: await begin(run, journal, id) };
  } catch (error) {
    throw await endedEarly(call, id, journal, signal.aborted ? signal.reason : error);
  }
}

/** Resumes or undoes a killed run; unless resuming, records the start of this one. */
async function begin(call: Omit<RetrainRun, 'id'>, journal: Journal, id: string): Promise<RunProgress> {
  const { options, prepared, target, model } = call;
  const { shadow } = options;
  const identity = identityOf(prepared, options);
  const progress = await resume(call, journal, identity);
  if (progress !== undefined) return progress;
  const { aliases } = await readAliases(target.bucket, target.release.key(model));
  requireNoCanary(target, model, aliases);
  if (shadow !== undefined && aliases !== undefined) requireShadowFits(target, model, aliases);
  const state: RunState = { before: aliases ?? null };
  const details = { identity, found: state, by: origin(), command: call.command.line };
  await journal.append({ run: id, event: 'started', details });
  return { id, state, done: new Set(), begun: new Set() };
}

interface Running {
  readonly progress: RunProgress;
  readonly journal: Journal;
  readonly lock: RunLock;
  readonly call: RetrainCall;
}

/** Runs every step that is not done yet, with an entry in the journal before and after it. */
async function runSteps(run: RetrainRun, { progress, journal, lock, call }: Running): Promise<Retrained> {
  const { id, model, target, print } = run;
  const { signal } = call;
  let { state } = progress;
  const begun = new Set(progress.begun);
  const summary = (outcome: Outcome): Retrained => ({
    ...{ run: id, outcome, model },
    ...{ champion: state.before?.production ?? null, challenger: state.challenger ?? null },
  });
  const end = async (outcome: Outcome, reason?: string, next?: string): Promise<Retrained> => {
    const [why, advice] = [reason !== undefined && { reason }, next !== undefined && { details: { next } }];
    try {
      await settleCandidate(run, state, outcome, reason);
    } finally {
      // The store may be on another disk than the candidates.
      await journal.append({ run: id, event: 'ended', outcome, ...why, ...advice });
    }
    return { ...summary(outcome), ...(outcome === 'unchanged' && why) };
  };
  const own = { ...run, target: interruptible(target, signal) };
  try {
    const champion = await championOf(run, state);
    const prepared = champion ? inChampionOrder(run.prepared, champion.manifest) : run.prepared;
    for (const [name, step] of Object.entries(STEPS) as [StepName, RetrainStep][]) {
      if (progress.done.has(name) || step.applies?.(run, state) === false) continue;
      await lock.confirm();
      signal.throwIfAborted();
      print(`\n${name}: ${step.summary}`);
      await journal.append({ run: id, event: 'begun', step: name });
      begun.add(name);
      const found = await step.run({ ...own, prepared }, state);
      state = { ...state, ...found };
      await lock.confirm();
      await journal.append({ run: id, event: 'done', step: name, details: { found } });
      signal.throwIfAborted();
      if (state.challenger !== undefined && state.challenger === state.before?.production) {
        print('the challenger is identical to the champion: same data, same seed, same model');
        return await end('unchanged', SAME_ROWS);
      }
    }
  } catch (error) {
    // Another run has taken the lock, and with it the task of resuming or undoing this one.
    if (lock.signal.aborted) throw lock.signal.reason;
    // What an interruption breaks, for instance a command of its own, is no failure.
    const cause = signal.aborted ? signal.reason : error;
    const reason = reasonOf(cause);
    const outcome = outcomeOf(cause, begun);
    const next = nextAfter(cause, call.command);
    const after = await aftermathOf({
      ...{ target, model, state, print },
      changed: changedBy(begun),
      next,
      record: () => {
        const entry = { run: id, event: 'ended', outcome, reason, details: { next } } as const;
        return notedIfLost(target, model, entry, () => end(outcome, reason, next));
      },
    });
    call.ended({ ...summary(outcome), reason, ...after });
    throw withAftermath(cause, after);
  }
  const { dataVerdicts = [], modelVerdicts = [], shadowVerdicts = [] } = state;
  const accepted = acceptedText([...dataVerdicts, ...modelVerdicts, ...shadowVerdicts]);
  await rememberPromoted(run, state).catch((error: unknown) => {
    printAside(`warning: slow drift is not compared with this version: ${reasonOf(error)}`);
  });
  await notePromoted(target, model, state.challenger!);
  const why = accepted !== undefined && { reason: accepted };
  const entry = { run: id, event: 'ended', outcome: 'promoted', ...why } as const;
  await notedIfLost(target, model, entry, () => end('promoted', accepted)).catch((error: unknown) => {
    printAside(`warning: the history lacks the end of this run: ${reasonOf(error)}`);
  });
  if (signal.aborted)
    print(
      `nothing is undone, as the interruption came after the last step; to take ${model} back: ${rollbackLine(target, model)}`,
    );
  return summary('promoted');
}

/** Steps in which the aliases are changed. */
const ROUTING: readonly StepName[] = ['shadow', 'canary', 'promote'];

function changedBy(begun: ReadonlySet<StepName>): AftermathOptions['changed'] {
  if (ROUTING.some((step) => begun.has(step))) return 'aliases';
  return begun.has('publish') ? 'uploads' : 'nothing';
}

function outcomeOf(error: unknown, begun: ReadonlySet<StepName>): Outcome {
  const outcome = earlyOutcome(error);
  return outcome === 'refused' && begun.has('publish') ? 'rolled back' : outcome;
}
