import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import type { Progress } from '../../../training/graph/types.ts';
import { createOptimizer, type OptimizerSettings } from '../../../training/optimizers/create.ts';
import { SCHEDULES, type ScheduleName } from '../../../training/schedules/registry.ts';
import { resolveSettings } from '../../../training/settings.ts';

interface ScheduleCase {
  readonly settings: OptimizerSettings;
  /** The learning rate computed by hand, for an optimizer's learning rate of 1. */
  readonly at: readonly (readonly [progress: Partial<Progress>, rate: number])[];
}

/** 10 epochs of 4 steps. */
const RUN = { step: 0, stepsPerEpoch: 4, epochs: 10, validationLosses: [] };

const CASES: Readonly<Record<ScheduleName, readonly ScheduleCase[]>> = {
  constant: [
    {
      settings: {},
      at: [
        [{ step: 0 }, 1],
        [{ step: 39 }, 1],
      ],
    },
  ],
  step: [
    {
      settings: { stepEpochs: 2, stepFactor: 0.1 },
      at: [
        [{ step: 0 }, 1],
        [{ step: 7 }, 1],
        [{ step: 8 }, 0.1],
        [{ step: 15 }, 0.1],
        [{ step: 16 }, 0.01],
      ],
    },
  ],
  cosine: [
    {
      settings: {},
      at: [
        [{ step: 0 }, 1],
        [{ step: 20 }, 0.5],
        [{ step: 10 }, (1 + Math.SQRT1_2) / 2],
        [{ step: 40 }, 0],
      ],
    },
    {
      // 8 steps of warm-up, 32 of the cosine.
      settings: { warmupEpochs: 2, finalFactor: 0.2 },
      at: [
        [{ step: 0 }, 1 / 8],
        [{ step: 7 }, 1],
        [{ step: 8 }, 1],
        [{ step: 24 }, 0.6],
        [{ step: 40 }, 0.2],
      ],
    },
  ],
  plateau: [
    {
      settings: { plateauPatience: 2, plateauFactor: 0.5 },
      at: [
        [{ validationLosses: [] }, 1],
        [{ validationLosses: [3, 3] }, 1],
        [{ validationLosses: [3, 3, 3] }, 0.5],
        [{ validationLosses: [3, 4, 2.9, 3, 2.8] }, 1],
        [{ validationLosses: [3, 3, 3, 3] }, 0.5],
        [{ validationLosses: [3, 3, 3, 3, 3] }, 0.25],
        [{ validationLosses: [3, 3, 3, 2, 2, 2] }, 0.25],
      ],
    },
    {
      settings: { plateauPatience: 1, plateauFactor: 0.1, plateauMinDelta: 0.5 },
      at: [
        [{ validationLosses: [3, 2.4] }, 1],
        [{ validationLosses: [3, 2.6] }, 0.1],
        [{ validationLosses: [3, 2.6, 2.4] }, 0.1],
      ],
    },
  ],
};

describe.each(Object.keys(SCHEDULES) as ScheduleName[])('schedule %s', (schedule) => {
  it('has a case', () => expect(CASES[schedule]?.length).toBeGreaterThan(0));

  describe.each(CASES[schedule])('with $settings', ({ settings, at }) => {
    it.each(at)('at %o the rate is %f', (progress, rate) => {
      const all = { ...settings, schedule, learningRate: 1 };
      const optimizer = createOptimizer(resolveSettings('undercomplete', all).optimizer);
      expect(optimizer.learningRate({ ...RUN, ...progress })).toBeCloseTo(rate, 12);
    });
  });
});

describe('settings of the optimizer and the schedule', () => {
  it('are those of Adam at a constant rate by default', () => {
    expect(resolveSettings('undercomplete', {}).optimizer).toEqual({
      optimizer: 'adam',
      schedule: 'constant',
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      clipValue: null,
      clipNorm: null,
      l2: 0,
    });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [
      { momentum: 0.9 },
      /'momentum' is unknown; expected one of .*beta1.* \(with optimizer=adam and schedule=constant\); 'momentum' goes with optimizer=rmsprop or optimizer=sgd$/,
    ],
    [{ optimizer: 'sgd', beta1: 0.9 }, /'beta1' is unknown; expected one of .*nesterov/],
    [
      { schedule: 'step', warmupEpochs: 1 },
      /'warmupEpochs' is unknown; .*stepFactor.*goes with schedule=cosine$/,
    ],
    [{ toString: 1 }, /^setting 'toString' is unknown; expected one of [^;]*$/],
    [JSON.parse('{"__proto__": 1}'), /^setting '__proto__' is unknown; expected one of [^;]*$/],
    [{ optimizer: 'lion' }, /setting 'optimizer': .*"adam".*received "lion"/],
    [{ clipNorm: 0 }, /setting 'clipNorm': .*received 0/],
    [
      { optimizer: 'sgd', nesterov: true, momentum: 0 },
      /setting 'nesterov': needs momentum above 0; .*received true/,
    ],
    [{ optimizer: 'sgd', nesterov: 1 }, /setting 'nesterov': .*received 1/],
  ])('refuses %o', (settings, message) => {
    const resolve = () => resolveSettings('undercomplete', settings);
    expect(resolve).toThrow(InputError);
    expect(resolve).toThrow(message);
  });
});
