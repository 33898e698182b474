/** `/v1/jobs`: answers to all rows of an object in R2. */
import { Hono } from 'hono';
import type { Job, JobList, JobRequest } from '../../shared/jobsApi.ts';
import type { AppEnvironment } from '../environment.ts';
import { type JobBindings, requireJobBindings } from '../jobBindings.ts';

/** The types of the routes for Hono's typed client. */
type Schema = {
  '/v1/jobs': {
    $get: { input: object; output: JobList; outputFormat: 'json'; status: 200 };
    $post: { input: { json: JobRequest }; output: Job; outputFormat: 'json'; status: 202 };
  };
  '/v1/jobs/:id': {
    $get: { input: { param: { id: string } }; output: Job; outputFormat: 'json'; status: 200 };
    $delete: { input: { param: { id: string } }; output: Job; outputFormat: 'json'; status: 200 };
  };
};

/**
 * Creates the routes of jobs. Their code is loaded by the first request, not when the Worker starts.
 *
 * @example
 * app.route('/', jobs(bindings.jobs));
 */
export function jobs(given: Partial<JobBindings> | undefined): Hono<AppEnvironment, Schema> {
  return new Hono<AppEnvironment>()
    .get('/v1/jobs', async (c) => {
      const { bucket } = requireJobBindings(given);
      const { listJobs } = await import('../jobs/jobs.ts');
      return c.json(await listJobs(bucket, c.var.caller), 200);
    })
    .post('/v1/jobs', async (c) => {
      const bindings = requireJobBindings(given);
      const { answerSubmission } = await import('../jobs/submit.ts');
      return c.json(await answerSubmission(c.req.raw, c.var, bindings), 202);
    })
    .get('/v1/jobs/:id', async (c) => {
      const { jobOf } = await import('../jobs/jobs.ts');
      return c.json(await jobOf(requireJobBindings(given), c.req.param('id'), c.var.caller), 200);
    })
    .delete('/v1/jobs/:id', async (c) => {
      const { cancelJob } = await import('../jobs/jobs.ts');
      return c.json(await cancelJob(requireJobBindings(given), c.req.param('id'), c.var.caller), 200);
    }) as unknown as Hono<AppEnvironment, Schema>;
}
