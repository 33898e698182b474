import type { AnswerOf, Service } from '../../service.ts';
import type { ReadFile } from './readFile.ts';

/** Rows in one request: what a Worker answers in one piece by default. */
const AT_ONCE = 1000;
/** Columns that are named as causes of each score. */
const CAUSES = '3';

export type Verdict = NonNullable<AnswerOf<'score'>['scores'][number]>;

export interface ScoredFile {
  readonly threshold: number;
  /** One for each row of the file, in order; null if the row cannot be scored. */
  readonly verdicts: readonly (Verdict | null)[];
  /** The first reasons why rows cannot be scored, each with the number of its row in the file, from 1. */
  readonly problems: readonly string[];
}

/** Scores a file piece by piece. `report` receives the number of rows that are done. */
export async function scoreFile(
  { rows }: ReadFile,
  reference: string,
  {
    service,
    signal,
    report,
  }: { readonly service: Service; readonly signal: AbortSignal; readonly report: (done: number) => void },
): Promise<ScoredFile> {
  const verdicts: (Verdict | null)[] = [];
  const problems: string[] = [];
  let threshold = 0;
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const body = { rows: rows.slice(start, start + AT_ONCE) };
    const call = { model: reference, operation: 'score', body, query: { top: CAUSES } } as const;
    const answer = await service.run(call, signal);
    threshold = answer.threshold;
    verdicts.push(...answer.scores);
    for (const { row = 0, detail } of answer.problems ?? [])
      problems.push(`Row ${start + row + 1}: ${detail}`);
    report(verdicts.length);
  }
  return { threshold, verdicts, problems };
}
