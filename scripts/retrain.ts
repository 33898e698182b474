/**
 * `npm run retrain -- <recipe>`: trains a challenger, and promotes it if it is no worse than the champion.
 */
import { BusyError, GateError, nextOf } from '../shared/errors.ts';
import { printer, run } from './cli/command.ts';
import { given } from './retrain/again.ts';
import type { RetrainCall, Retrained } from './retrain/call.ts';
import { parseLimits, type RetrainFlags, retrainProgram } from './retrain/flags.ts';
import { abortOnSignal } from './retrain/interruptible.ts';
import { pingMonitor } from './retrain/ping.ts';
import { reasonOf } from './retrain/reason.ts';
import { TARGETS } from './retrain/targets/registry.ts';
import type { Target } from './retrain/targets/target.ts';

const program = retrainProgram().action(
  async (
    recipe: string,
    {
      target: name,
      targetColumn,
      url,
      release,
      answersFrom,
      replaceCode,
      gate,
      ifDrift,
      driftRows,
      wait,
      lockSeconds,
      storeSeconds,
      ping,
      json,
      ...flags
    }: RetrainFlags,
  ) => {
    const print = printer(json);
    const { dryRun, ...options } = flags;
    const limits = parseLimits(gate);
    const model = flags.name ?? recipe;
    let outcome: object | undefined;
    let isWell = false;
    let target: Target | undefined;
    let ignoreSignals = () => {};
    try {
      target = await TARGETS[name].open({
        ...{ url, release, replaceCode, dryRun, answersFrom, storeSeconds, serves: true, print },
      });
      // Until here there is nothing to undo.
      const interrupt = new AbortController();
      ignoreSignals = abortOnSignal(interrupt, target, model);
      const call: RetrainCall = {
        recipe,
        // A dry run makes no canary that could be monitored.
        options: {
          ...options,
          dryRun,
          limits,
          ...(targetColumn !== undefined && { target: targetColumn }),
          ...(dryRun && { watch: 0 }),
        },
        ...{ command: given('retrain'), target, lockSeconds, wait, print, signal: interrupt.signal },
        ended: (run) => {
          outcome = run;
        },
      };
      if (ifDrift !== undefined) {
        const { notNeeded } = await import('./retrain/notNeeded.ts');
        outcome = await notNeeded(call, { threshold: ifDrift, atLeast: driftRows });
        isWell = outcome !== undefined;
        if (isWell) return;
      }
      // Loaded only now, as it takes a while: the address of the Worker is printed before.
      const { retrain } = await import('./retrain/retrain.ts');
      outcome = await retrain(call);
      isWell = true;
      const { challenger, outcome: verdict, reason } = outcome as Retrained;
      const because = reason === undefined ? '' : `: ${reason}`;
      print(`\n${model}@${challenger}: ${dryRun ? 'would be ' : ''}${verdict}${because}`);
    } catch (thrown) {
      const unopened = { target: name, release, model, command: given('retrain'), print };
      const { error, after } =
        target === undefined
          ? await import('./retrain/unopened.ts').then((module) => module.unopened(thrown, unopened))
          : { error: thrown, after: undefined };
      outcome ??= after && { outcome: 'failed', model, reason: reasonOf(thrown), ...after };
      outcome ??= { outcome: unfinishedOutcome(error), model, reason: reasonOf(error), next: nextOf(error) };
      throw error;
    } finally {
      if (json && outcome) console.log(JSON.stringify(outcome));
      if (ping !== undefined) await pingMonitor(ping, isWell, outcome);
      ignoreSignals();
      await target?.close();
    }
  },
);

/** The outcome of a run that has not begun. */
function unfinishedOutcome(error: unknown): string {
  if (error instanceof BusyError) return 'busy';
  return error instanceof GateError ? 'refused' : 'failed';
}

await run(program);
