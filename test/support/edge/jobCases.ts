/** Jobs on the model `linear` of the Worker under test. */
import type { EdgeWorker } from './edgeWorker.ts';
import { exampleRows } from './operationCases.ts';

export const JOBS = '/v1/jobs';

/** Puts three rows into the bucket of jobs, and returns the body of a job on them. */
export async function threeRows({ bucket }: EdgeWorker) {
  const key = crypto.randomUUID();
  const lines = exampleRows(3, 6).map((row) => `${JSON.stringify(row)}\n`);
  await (await bucket('JOBS_BUCKET')).put(`${key}.ndjson`, lines.join(''));
  return {
    ...{ model: 'linear', operation: 'encode' },
    ...{ input: `r2://jobs/${key}.ndjson`, output: `r2://jobs/${key}.codes.ndjson` },
  };
}

/** Submits a job on three rows, and returns its id. */
export async function submitted(worker: EdgeWorker): Promise<string> {
  const response = await worker.post(JOBS, await threeRows(worker));
  return ((await response.json()) as { id: string }).id;
}
