import { challengerOf } from '../context.ts';
import { printPlace } from '../isolates.ts';
import { probedVersion, requireKnownAnswers } from '../probing.ts';
import type { RetrainStep } from './step.ts';

const SECONDS = 60;

export const confirm: RetrainStep = {
  summary: 'queries production: it must give the known answers of the challenger',
  run: async (run, state) => {
    const challenger = await challengerOf(run, state);
    await requireKnownAnswers(run, (await probedVersion(run, challenger, 'production'))!, SECONDS);
    await printPlace(run.target, challenger.manifest, run.print);
    return {};
  },
};
