import { publishArtifact } from '../../store/publish.ts';
import { challengerOf, requireAnswersFile } from '../context.ts';
import { frozenFor } from '../isolates.ts';
import type { RetrainStep } from './step.ts';

export const publish: RetrainStep = {
  summary: 'uploads the challenger, frozen if its Worker has isolates for versions; no alias names it yet',
  run: async (run, state) => {
    const read = await challengerOf(run, state);
    requireAnswersFile(read);
    const challenger = await frozenFor(run.target, read, run.print, run.options.signal);
    await publishArtifact(run.target.bucket, challenger);
    await run.target.release.prepare(challenger);
    return {};
  },
};
