/** The exports of a Worker for jobs: a Workflow, and the consumer of their queue. Both load their code when they run. */
import { WorkflowEntrypoint } from 'cloudflare:workers';
import type { ModelService } from './calls/modelService.ts';
import { type MessageBatch, requireJobBindings, type WorkflowStep } from './jobBindings.ts';

export { readJobBindings } from './jobBindings.ts';

type Workflow = new (ctx: unknown, env: unknown) => WorkflowEntrypoint;

/**
 * Returns the class of the Workflow that `JOBS_WORKFLOW` in wrangler.toml names.
 *
 * @example
 * export const LatentedgeJobs = jobsWorkflow(models);
 */
export function jobsWorkflow({ service }: ModelService): Workflow {
  return class LatentedgeJobs extends WorkflowEntrypoint {
    override async run({ payload }: { readonly payload: unknown }, step: WorkflowStep): Promise<void> {
      const { runJob } = await import('./jobs/workflow.ts');
      await runJob(requireJobBindings(service.bindings.jobs), (payload as { id: string }).id, step);
    }
  };
}

/**
 * Returns the handler of batches of the queue `JOBS_QUEUE`.
 *
 * @example
 * export default { fetch, queue: jobsConsumer(models) };
 */
export function jobsConsumer({ service }: ModelService): (batch: MessageBatch) => Promise<void> {
  return async (batch) => {
    const { consume } = await import('./jobs/consume.ts');
    await consume(service, requireJobBindings(service.bindings.jobs), batch);
  };
}
