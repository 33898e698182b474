import { askedOf, requireAnswered } from '../asking.ts';
import { challengerOf } from '../context.ts';
import type { Step } from './step.ts';

const SECONDS = 30;

export const smoke: Step = {
  summary:
    'asks the Worker for the challenger by its version: it must give the answers that training recorded',
  run: async (run, state) => {
    const challenger = await challengerOf(run, state);
    await requireAnswered(run, (await askedOf(run, challenger, 'version'))!, SECONDS);
    return {};
  },
};
