import { publishArtifact } from '../../store/publish.ts';
import { challengerOf, requireAnswers } from '../context.ts';
import type { Step } from './step.ts';

export const publish: Step = {
  summary: 'uploads the challenger, which nothing names yet',
  run: async (run, state) => {
    const challenger = await challengerOf(run, state);
    requireAnswers(challenger);
    await publishArtifact(run.target.bucket, challenger);
    await run.target.release.prepare(challenger);
    return {};
  },
};
