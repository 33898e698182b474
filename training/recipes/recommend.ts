import { MOST_USERS } from '../models/linearStart.ts';
import { interactionsFor } from './interactionsData.ts';
import type { Recipe } from './recipe.ts';

export const recommend: Recipe<'recommender'> = {
  name: 'recommend',
  why: 'recommendations from any table of user,item[,value,time]: --data orders.csv, and --items items.csv for titles and filters',
  variant: 'recommender',
  settings: {
    kind: 'mult-dae',
    hidden: [], // with few users, deeper models learn no more
    codeSize: 400, // 200 rank worse, 800 no better
    itemDropout: 0.5,
    l2: 0.01,
    batchSize: 128,
    learningRate: 0.01,
    schedule: 'cosine',
    epochs: 40,
    checkpointEvery: 10, // writing one takes longer than an epoch
  },
  // With few users, training starts close to the optimum, and more epochs only overfit.
  settingsFor: ({ rows }) => (rows.rowCount > MOST_USERS ? {} : { epochs: 20 }),
  needsData: true,
  data: interactionsFor('recommend'),
};
