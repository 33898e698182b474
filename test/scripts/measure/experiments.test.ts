import { describe, expect, it } from 'vitest';
import {
  type Experiment,
  givenSettings,
  isWithin,
  limitOf,
} from '../../../scripts/measure/experiments/experiment.ts';
import { measuredLimit } from '../../../scripts/measure/experiments/measuredLimit.ts';
import {
  type MeasuredRecord,
  PYTORCH_RESULTS,
  RESULTS,
  readRecords,
  recordOf,
} from '../../../scripts/measure/experiments/records.ts';
import { EXPERIMENTS, type ExperimentName } from '../../../scripts/measure/experiments/registry.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { resolveSettings } from '../../../training/settings.ts';

const experiments = Object.entries<Experiment>(EXPERIMENTS);

/**
 * Recipes without an experiment: the demo is both of digits, `tabular` and `recommend` have no data of their own
 * (`movies` is `recommend` on MovieLens, where `recommend-elsa` is in a comparison), `embeddings` has a
 * comparison, `embeddings-sparse` and `windows` are shown on their pages.
 */
const SHOWN_ELSEWHERE = [
  'digits',
  'digits-vae',
  'tabular',
  'recommend',
  'recommend-elsa',
  'embeddings',
  'embeddings-sparse',
  'windows',
];

it.each(Object.keys(RECIPES).filter((name) => !SHOWN_ELSEWHERE.includes(name)))(
  'recipe %s has an experiment',
  (name) => {
    expect(experiments.some(([, { recipe }]) => recipe === name)).toBe(true);
  },
);

it.each([RESULTS, PYTORCH_RESULTS])('%s holds figures of experiments that exist', (path) => {
  expect(Object.keys(EXPERIMENTS)).toEqual(expect.arrayContaining(Object.keys(readRecords(path))));
});

describe.each(experiments)('experiment %s', (name, experiment) => {
  const recordIn = (path: string) => recordOf(readRecords(path), name, experiment);

  it('has settings that exist, and distinct seeds', () => {
    const { variant } = RECIPES[experiment.recipe];
    expect(() => resolveSettings(variant, givenSettings(experiment))).not.toThrow();
    expect(new Set(experiment.seeds).size).toBe(experiment.seeds.length);
  });

  it('was within its bound when it was last measured', () => {
    const own = recordIn(RESULTS);
    const limit = measuredLimit(name as ExperimentName);
    const missed =
      own !== undefined && limit !== undefined && !isWithin(own.figure, experiment.bound.direction, limit);
    expect([missed, own?.figure, limit]).toEqual([false, own?.figure, limit]);
  });
});

describe('records', () => {
  const experiment: Experiment = {
    recipe: 'mnist',
    settings: { epochs: 5 },
    metric: 'mse',
    seeds: [1],
    bound: { direction: '>=', pytorchPlus: -2 },
    pytorch: true,
  };
  const record: MeasuredRecord = {
    figure: 3,
    seconds: 1,
    seeds: [1],
    settings: givenSettings(experiment),
    by: 'hand',
    machine: 'none',
    date: '2026-01-31',
  };

  it('count only for the settings and seeds that they were measured with', () => {
    const found = (changes: Partial<Experiment>) =>
      recordOf({ it: record }, 'it', { ...experiment, ...changes });
    expect(found({})).toBe(record);
    expect(found({ settings: { epochs: 6 } })).toBeUndefined();
    expect(found({ seeds: [1, 2] })).toBeUndefined();
    expect(recordOf({}, 'it', experiment)).toBeUndefined();
  });

  it('bounds follow PyTorch where they say so', () => {
    const references = { pytorch: 10, ofExperiment: (name: string) => (name === 'other' ? 3 : undefined) };
    expect(limitOf(experiment, references)).toBe(8);
    expect(limitOf(experiment, { ...references, pytorch: undefined })).toBeUndefined();
    const compared = { ...experiment, bound: { direction: '>=', experiment: 'other' } } as const;
    expect(limitOf(compared, references)).toBe(3);
    expect(limitOf({ ...experiment, bound: { direction: '<=', value: 4 } }, references)).toBe(4);
    expect([isWithin(8, '>=', 8), isWithin(7.9, '>=', 8), isWithin(7.9, '<=', 8)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
