/** Routes of jobs of the document. */
import { Job, JobList, JobRequest } from '../../shared/jobsApi.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

const EXAMPLE = {
  ...{ model: 'orders', operation: 'score' },
  ...{ input: 'r2://jobs/november.csv', output: 'r2://jobs/november.scores.ndjson' },
} as const;

const answer = (description: string) => ({ description, content: { [JSON_TYPE]: { schema: Job } } });

export const JOB_ROUTES = {
  'POST /v1/jobs': {
    id: 'submitJob',
    tag: 'jobs',
    summary: 'Answers all rows of an object in R2, in the background.',
    scope: 'infer',
    request: { [JSON_TYPE]: { schema: JobRequest, example: EXAMPLE } },
    answers: { 202: answer('The job.') },
    problems: [
      ...(['incomplete-body', 'malformed-json', 'invalid-body', 'invalid-query', 'body-too-large'] as const),
      ...(['unknown-model', 'unknown-version', 'operation-not-offered', 'model-unavailable'] as const),
      ...(['unsupported-media-type', 'unknown-object', 'object-exists', 'missing-feature'] as const),
      ...(['result-not-finite', 'rows-refused', 'runtime-trapped', 'unknown-path'] as const),
    ],
  },
  'GET /v1/jobs': {
    id: 'listJobs',
    tag: 'jobs',
    summary: 'Lists the jobs of the caller, or of everybody with the scope `admin`.',
    scope: 'infer',
    answers: { 200: { description: 'The jobs.', content: { [JSON_TYPE]: { schema: JobList } } } },
    problems: ['unknown-path'],
  },
  'GET /v1/jobs/{id}': {
    id: 'describeJob',
    tag: 'jobs',
    summary: 'Returns the state and the progress of a job.',
    scope: 'infer',
    answers: { 200: answer('The job.') },
    problems: ['unknown-job', 'unknown-path'],
  },
  'DELETE /v1/jobs/{id}': {
    id: 'cancelJob',
    tag: 'jobs',
    summary: 'Cancels a job that has not ended, and deletes its answers so far.',
    scope: 'infer',
    answers: { 200: answer('The job, which is cancelled.') },
    problems: ['unknown-job', 'job-ended', 'unknown-path'],
  },
} as const satisfies Record<string, Route>;
