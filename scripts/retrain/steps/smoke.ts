import { challengerOf } from '../context.ts';
import { probedVersion, requireKnownAnswers } from '../probing.ts';
import type { RetrainStep } from './step.ts';

const SECONDS = 30;

export const smoke: RetrainStep = {
  summary: 'queries the challenger by its version: it must give the known answers that training recorded',
  run: async (run, state) => {
    const challenger = await challengerOf(run, state);
    await requireKnownAnswers(run, (await probedVersion(run, challenger, 'version'))!, SECONDS);
    return {};
  },
};
