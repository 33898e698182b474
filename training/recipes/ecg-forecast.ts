import { heartbeats, normal } from './ecg.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

export const ecgForecast: Recipe<'sequence'> = {
  name: 'ecg-forecast',
  why: 'forecasts the last 40 steps of a normal heartbeat from the first 100 (--data FOLDER of ECG5000)',
  variant: 'sequence',
  settings: {
    horizon: 40,
    units: 32,
    batchSize: 16, // only 263 training rows
    epochs: 100,
    learningRate: 0.005,
    schedule: 'cosine',
  },
  data: async (path = published('ecg5000')) => {
    const { train, test } = await heartbeats(path);
    const { labels: _, ...known } = normal(train);
    return { ...known, test: normal(test).rows };
  },
};
