/** The program of a process that runs graphs which were made elsewhere, and ends. */
import { type Job, runJobs } from '../../training/importing/jobs.ts';

process.once('message', async (jobs: readonly Job[]) => {
  const results = await runJobs(jobs);
  process.send!(results, () => process.disconnect());
});
// The parent is gone, however it ended.
process.once('disconnect', () => process.exit());
