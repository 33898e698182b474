import { random } from '../../../../shared/random.ts';
import type { Matrix } from '../../../../shared/tensor.ts';
import { batches } from '../../../../training/data/batches.ts';
import { fromItemLists } from '../../../../training/data/interactions.ts';
import { recommender } from '../../../../training/models/recommender.ts';
import { pythonFile, type TrainingCase, withAdam } from './case.ts';

const ITEMS = 10_000;
const USERS = 4 * 256;

export const multvae: TrainingCase = {
  summary: 'Mult-VAE over 10,000 items, 600-200 and back, with dropout; every contender draws its own noise',
  rows: interactions,
  program: (features) =>
    withAdam(recommender.build(recommender.config.parse({ betaWarmupEpochs: 0 }), features, 1), features),
  pytorch: pythonFile('multvae.py'),
  steps: 2,
  pytorchTarget: 1.5,
};

/** About 100 items per user; the popularity of the item of rank r is about proportional to 1 / r. */
function interactions(): Matrix {
  const source = random(1, 'interactions');
  const lists = Array.from({ length: USERS }, () => {
    const count = 50 + source.integer(150);
    return Array.from({ length: count }, () => Math.floor(ITEMS ** source.uniform()) % ITEMS);
  });
  const names = Array.from({ length: ITEMS }, (_, item) => String(item));
  const [all] = batches(fromItemLists(lists, names).rows, USERS);
  return all!;
}
