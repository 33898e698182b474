/** What becomes of a challenger on this disk when its run ends. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { acceptCandidate, markCandidate, versionFolder } from '../cli/candidates.ts';
import type { RetrainRun, RunState } from './context.ts';
import type { Outcome } from './journal.ts';

/** Moves a promoted challenger to the artifacts that may be served, and marks any other with its verdict. */
export async function settleCandidate(
  { id, model, options: { out, dryRun }, print }: RetrainRun,
  { challenger }: RunState,
  outcome: Outcome,
  reason: string | undefined,
): Promise<void> {
  if (challenger === undefined) return;
  if (outcome === 'unchanged' || (outcome === 'promoted' && !dryRun)) {
    await acceptCandidate(out, model, challenger);
  } else {
    const verdict = dryRun && outcome === 'promoted' ? 'untested' : outcome;
    await markCandidate(out, model, challenger, { run: id, outcome: verdict, ...(reason && { reason }) });
  }
  const report = join(versionFolder(out, model, challenger), 'report.html');
  if (existsSync(report)) print(`report: ${report}`);
}
