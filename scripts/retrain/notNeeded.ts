/** The end of a run that `--if-drift` keeps from training. */
import type { RetrainCall } from './call.ts';
import { openJournal } from './journal.ts';
import { endedEarly } from './notBegun.ts';
import { origin } from './origin.ts';
import { newRunId } from './runId.ts';
import { judgeDrift, servedDrift } from './servedDrift.ts';

/** Judges the drift of requests. Returns the outcome, which is recorded, if it calls for no training. */
export async function notNeeded(
  call: RetrainCall,
  limits: Parameters<typeof judgeDrift>[1],
): Promise<object | undefined> {
  const { target, options, recipe, print } = call;
  const model = options.name ?? recipe;
  const drift = await servedDrift(target, model).catch(async (error: unknown) => {
    throw await endedEarly(call, newRunId(), undefined, error);
  });
  const { isNeeded, line } = judgeDrift(drift, limits);
  print(line);
  if (isNeeded) return undefined;
  const journal = await openJournal(target.bucket, model);
  const details = { ...drift, by: origin() };
  await journal.append({ run: 'if-drift', event: 'command', reason: line, details });
  return { outcome: 'not needed', model, drift: drift.score, rows: drift.rows };
}
