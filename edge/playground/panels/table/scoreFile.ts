import type { Problem } from '../../../../shared/api.ts';
import { type AnswerOf, type Service, ServiceError } from '../../service.ts';
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
  /** Categories that training did not see, each with its column; the model takes them for missing values. */
  readonly unseen: readonly string[];
}

/**
 * Scores a file piece by piece. `report` receives the number of rows that are done.
 * @throws {ServiceError} if no row can be scored, or for any other reason than its rows.
 */
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
  const unseen = new Set<string>();
  let threshold: number | undefined;
  let refused: ServiceError | undefined;
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const body = { rows: rows.slice(start, start + AT_ONCE) };
    const call = { model: reference, operation: 'score', body, query: { top: CAUSES } } as const;
    try {
      const answer = await service.run(call, signal);
      threshold = answer.threshold;
      verdicts.push(...answer.scores);
      for (const problem of answer.problems ?? []) problems.push(textOf(problem, start));
      for (const { feature, value } of answer.unseen ?? []) unseen.add(`${feature} ${value}`);
    } catch (error) {
      // A piece without a single good row is refused as a whole; the next one may have some.
      if (!(error instanceof ServiceError) || error.problem.row === undefined) throw error;
      refused ??= error;
      verdicts.push(...body.rows.map(() => null));
      problems.push(textOf(error.problem, start));
    }
    report(verdicts.length);
  }
  if (threshold === undefined && refused) throw refused;
  return { threshold: threshold ?? 0, verdicts, problems, unseen: [...unseen] };
}

/** A problem with the number of its row in the file; `start` is that of the first row of the request, from 0. */
function textOf({ row = 0, feature, expected, received, detail }: Partial<Problem>, start: number): string {
  const isValue = feature !== undefined && expected !== undefined && received !== undefined;
  return `Row ${start + row + 1}: ${isValue ? `${feature}: expected ${expected}, received ${received}` : detail}.`;
}
