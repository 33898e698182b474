/** The program of a process that runs steps of freezing, one after another. */
import { GateError, InputError } from '../../shared/errors.ts';
import { delayOptimizedWasm } from '../cli/delayOptimizedWasm.ts';
import { collectGarbage } from './collectGarbage.ts';
import type { StepAnswer, StepQuestion } from './inChild.ts';
import { STEPS } from './steps.ts';

/** Expected errors, which keep their type on the way to the parent. */
const KINDS = { gate: GateError, input: InputError } as const;

delayOptimizedWasm();
process.on('message', async ({ name, input }: StepQuestion) => {
  const answer = await answerOf(name, input);
  // What the step used must not add to what the next one needs.
  collectGarbage();
  process.send!(answer);
});
// The parent needs it no more, or is gone, however it ended.
process.once('disconnect', () => process.exit());

async function answerOf(name: StepQuestion['name'], input: unknown): Promise<StepAnswer> {
  try {
    // The parent pairs names with inputs.
    const step = (await STEPS[name]()) as (input: unknown) => Promise<unknown>;
    return { result: await step(input) };
  } catch (error) {
    const kind = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((each) => error instanceof KINDS[each]);
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { kind, message, stack: causesOf(error, stack) } };
  }
}

function causesOf(error: unknown, stack = ''): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? `${stack}\ncaused by ${causesOf(cause, cause.stack)}` : stack;
}
