import { askedOf, requireAnswered } from '../asking.ts';
import { challengerOf } from '../context.ts';
import type { Step } from './step.ts';

const SECONDS = 60;

export const confirm: Step = {
  summary: 'asks as clients do: production must give the answers of the challenger',
  run: async (run, state) => {
    const challenger = await challengerOf(run, state);
    await requireAnswered(run, (await askedOf(run, challenger, 'production'))!, SECONDS);
    return {};
  },
};
