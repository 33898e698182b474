/** The program of a process that runs trials, one after the other. It reads the data by itself. */
import { InputError, InterruptedError } from '../../shared/errors.ts';
import { fingerprint } from '../../training/data/dataset.ts';
import { type PreparedRun, prepareRecipe, type RecipeRun } from '../cli/preparedRun.ts';
import { runTrial, type TrialResult, type TrialTask } from './trial.ts';

export type Order =
  | { readonly kind: 'prepare'; readonly recipe: string; readonly run: RecipeRun }
  | { readonly kind: 'trial'; readonly task: TrialTask }
  | { readonly kind: 'stop' };

export type Answer =
  | { readonly kind: 'prepared'; readonly fingerprint: string }
  | { readonly kind: 'result'; readonly result: TrialResult }
  | { readonly kind: 'error'; readonly of: 'input' | 'interrupted' | 'other'; readonly message: string };

const stop = new AbortController();
let prepared: PreparedRun | undefined;

process.on('message', (order: Order) => {
  if (order.kind === 'stop') return stop.abort();
  answerTo(order).then(
    (answer) => process.send!(answer),
    (error: unknown) => process.send!(failure(error)),
  );
});
// The parent is gone, however it ended.
process.once('disconnect', () => process.exit());
// Ctrl-C reaches every process of the terminal: the parent tells when to stop.
process.on('SIGINT', () => undefined);

async function answerTo(order: Exclude<Order, { kind: 'stop' }>): Promise<Answer> {
  if (order.kind === 'trial')
    return { kind: 'result', result: await runTrial(prepared!, order.task, stop.signal) };
  prepared = await prepareRecipe(order.recipe, order.run);
  return { kind: 'prepared', fingerprint: fingerprint(prepared.data) };
}

function failure(error: unknown): Answer {
  const of =
    error instanceof InputError ? 'input' : error instanceof InterruptedError ? 'interrupted' : 'other';
  const message =
    of === 'other' && error instanceof Error
      ? (error.stack ?? error.message)
      : String((error as Error).message);
  return { kind: 'error', of, message };
}
