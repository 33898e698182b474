import { publishArtifact } from '../../store/publish.ts';
import { challengerOf, requireAnswersFile } from '../context.ts';
import type { RetrainStep } from './step.ts';

export const publish: RetrainStep = {
  summary: 'uploads the challenger, which no alias names yet',
  run: async (run, state) => {
    const challenger = await challengerOf(run, state);
    requireAnswersFile(challenger);
    await publishArtifact(run.target.bucket, challenger);
    await run.target.release.prepare(challenger);
    return {};
  },
};
