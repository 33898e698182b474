/** The bindings of jobs, for a Worker on this machine whose wrangler.toml has none. */
import { readFile } from 'node:fs/promises';
import type { Unstable_Config } from 'wrangler';

/** The class that the Worker exports for them. */
const CLASS = 'LatentedgeJobs';

type Bindings = Pick<Unstable_Config, 'name' | 'r2_buckets' | 'queues' | 'workflows'>;

/**
 * Adds a bucket, a queue and a Workflow for jobs. A Worker without the class, for instance one that mounts the API in an
 * app of its own, stays as it is.
 * @param entry Path of the built module of the Worker.
 */
export async function withJobs<Config extends Bindings>(config: Config, entry: string): Promise<Config> {
  const { r2_buckets, queues, workflows } = config;
  const isBound = workflows.some(({ binding }) => binding === 'JOBS_WORKFLOW');
  if (isBound || !(await readFile(entry, 'utf8')).includes(CLASS)) return config;
  const name = `${config.name ?? 'latentedge'}-jobs`;
  return {
    ...config,
    r2_buckets: [...r2_buckets, { binding: 'JOBS_BUCKET', bucket_name: name }],
    queues: {
      producers: [...(queues.producers ?? []), { binding: 'JOBS_QUEUE', queue: name }],
      consumers: [
        ...(queues.consumers ?? []),
        { queue: name, max_batch_size: 2, max_batch_timeout: 0, max_retries: 5 },
      ],
    },
    workflows: [...workflows, { binding: 'JOBS_WORKFLOW', name, class_name: CLASS }],
  };
}
