import { describe, expect, it } from 'vitest';
import { defaultSpace } from '../../../scripts/tuning/defaultSpaces.ts';
import { designOf } from '../../../scripts/tuning/design.ts';
import { requireObjective } from '../../../scripts/tuning/objectives.ts';
import { frontOf } from '../../../scripts/tuning/report/charts.ts';
import { rungsOf } from '../../../scripts/tuning/rungs.ts';
import {
  parseSpace,
  placeOf,
  settingsText,
  valueAt,
  widened,
  withinSpace,
} from '../../../scripts/tuning/space.ts';
import { VARIANTS, type VariantName } from '../../../training/models/registry.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { resolveSettings } from '../../../training/settings.ts';

const parsed = (...texts: readonly string[]) => parseSpace(texts, 'undercomplete', {});

describe('a space', () => {
  it('has choices, lists and ranges', () => {
    expect(parsed('codeSize=8,16,32', 'hidden=[64],[128,64]', 'activation=relu,tanh')).toEqual([
      { kind: 'choices', name: 'codeSize', values: [8, 16, 32] },
      { kind: 'choices', name: 'hidden', values: [[64], [128, 64]] },
      { kind: 'choices', name: 'activation', values: ['relu', 'tanh'] },
    ]);
    expect(parsed('learningRate=1e-4..1e-2', 'codeSize=4..8', 'dropout=0..0.5')).toEqual([
      { kind: 'range', name: 'learningRate', low: 1e-4, high: 1e-2, scale: 'logarithmic', whole: false },
      { kind: 'range', name: 'codeSize', low: 4, high: 8, scale: 'linear', whole: true },
      { kind: 'range', name: 'dropout', low: 0, high: 0.5, scale: 'linear', whole: false },
    ]);
  });

  it.each([
    ['codeSize', /--space: expected key=value,value or key=low\.\.high, received 'codeSize'/],
    ['depth=1,2', /--space: setting 'depth' is unknown; expected one of/],
    ['codeSise=1,2', /did you mean 'codeSize'\?/],
    ['codeSize=0,2', /--space: setting 'codeSize': .*received 0/],
    ['codeSize=9..3', /expected codeSize=low\.\.high, two numbers of which the first is lower/],
    ['epochs=1,2', /'epochs' cannot be searched: it is what trials are cut short in/],
    ['hidden=[1,2', /--space: '\[1' looks like JSON but cannot be parsed/],
  ])('refuses %s', (text, message) => {
    expect(() => parsed(text)).toThrow(message);
  });

  it('refuses a setting twice', () => {
    expect(() => parsed('codeSize=1', 'codeSize=2')).toThrow(/received 'codeSize' twice/);
  });

  it('may not change what is compared', () => {
    expect(() => requireObjective('loss', ['loss'])).toThrow(/'loss' changes what the loss measures/);
    expect(() => requireObjective('mse', ['loss'])).not.toThrow();
    expect(() => requireObjective('kl', [])).toThrow(/expected a metric that rates a model/);
  });

  it.each(Object.keys(VARIANTS) as VariantName[])(
    'of %s by default suits it, and its losses compare',
    (name) => {
      const dimensions = parseSpace(defaultSpace(name, 'loss'), name, {});
      expect(dimensions.length).toBeGreaterThan(1);
      requireObjective(
        'loss',
        dimensions.map((each) => each.name),
      );
    },
  );

  it.each(Object.values(RECIPES).map((recipe) => [recipe.name, recipe] as const))(
    'by default has the settings of the recipe %s, which are the first trial',
    (_, { variant, settings }) => {
      const { model, training, optimizer } = resolveSettings(variant, settings);
      const own = { ...model, ...training, ...optimizer };
      const space = widened(defaultSpace(variant, 'loss'), variant, settings, own);
      expect(withinSpace(parseSpace(space, variant, settings), own)).toBeDefined();
    },
  );

  it('is widened by what is outside, and nothing else', () => {
    const space = [
      'learningRate=1e-3..1e-2',
      'hidden=[64],[128,64]',
      'batchSize=32,64',
      'activation=relu,elu',
    ];
    const own = { learningRate: 5e-4, hidden: [64, 32], batchSize: 60, activation: 'elu' };
    expect(widened(space, 'undercomplete', {}, own)).toEqual([
      ...[
        'learningRate=0.0005..0.01',
        'hidden=[64],[128,64],[64,32]',
        'batchSize=32,64,60',
        'activation=relu,elu',
      ],
    ]);
  });

  it('has what decides about detection if anomalies are to be detected', () => {
    const names = (by: string) =>
      parseSpace(defaultSpace('denoising', by), 'denoising', {}).map(({ name }) => name);
    expect(names('average-precision')).toEqual([...names('loss'), 'codeSize', 'rowScore']);
    requireObjective('average-precision', names('average-precision'));
  });

  it('places the values that it takes', () => {
    const [rate, size] = parsed('learningRate=1e-4..1e-2', 'codeSize=4..8') as [never, never];
    expect([0, 0.5, 0.999].map((place) => valueAt(rate, place))).toEqual([1e-4, 1e-3, 0.00995]);
    expect([0, 0.21, 0.999].map((place) => valueAt(size, place))).toEqual([4, 5, 8]);
    expect(placeOf(rate, 1e-3)).toBeCloseTo(0.5, 12);
    expect(placeOf(size, 9)).toBeUndefined();
    const settings = { learningRate: 1e-3, codeSize: 6, epochs: 3 };
    expect(withinSpace([rate, size], settings)).toEqual({ learningRate: 1e-3, codeSize: 6 });
    expect(withinSpace([rate, size], { ...settings, codeSize: 2 })).toBeUndefined();
    expect(settingsText({ hidden: [4, 2], activation: 'elu' })).toBe('hidden=[4,2] activation=elu');
  });
});

describe('a design', () => {
  const dimensions = parsed('learningRate=1e-4..1e-2', 'codeSize=4,8,16', 'dropout=0..0.5');

  it('is the same for the same seed, begins with that of fewer trials, and differs by seed', () => {
    const design = designOf(dimensions, { count: 20, seed: 3 });
    expect(design).toHaveLength(20);
    expect(designOf(dimensions, { count: 8, seed: 3 })).toEqual(design.slice(0, 8));
    expect(designOf(dimensions, { count: 20, seed: 4 })).not.toEqual(design);
  });

  it('fills each dimension evenly: a value in each of ten equal parts for every ten trials', () => {
    const design = designOf(dimensions, { count: 60, seed: 1 });
    for (const dimension of dimensions.filter(({ kind }) => kind === 'range')) {
      const parts = new Array<number>(10).fill(0);
      for (const settings of design)
        parts[Math.min(9, Math.floor(10 * placeOf(dimension, settings[dimension.name])!))]!++;
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(4);
      expect(Math.max(...parts)).toBeLessThanOrEqual(8);
    }
  });

  it('tries nothing twice, and all that a small space has', () => {
    const first = { codeSize: 8, activation: 'elu' };
    const small = parsed('codeSize=4,8', 'activation=relu,elu,tanh');
    const design = designOf(small, { count: 20, seed: 1, first });
    expect(design[0]).toEqual(first);
    expect(new Set(design.map(settingsText)).size).toBe(6);
    expect(design).toHaveLength(6);
  });
});

describe('rungs', () => {
  it.each([
    [
      20,
      40,
      [
        [4, 20],
        [13, 6],
        [40, 2],
      ],
    ],
    [20, 2, [[2, 20]]],
    [1, 40, [[40, 1]]],
    [
      6,
      4,
      [
        [1, 6],
        [4, 2],
      ],
    ],
  ])('of %i trials and %i epochs each keep a third', (trials, epochs, expected) => {
    expect(rungsOf(trials, epochs).map((rung) => [rung.epochs, rung.trials])).toEqual(expected);
  });
});

it('the front has the points that no other beats in both', () => {
  const points = [
    [1, 5],
    [2, 6],
    [3, 4],
    [3, 3],
    [4, 3],
    [5, 1],
  ].map(([x, y]) => ({ x: x!, y: y! }));
  expect(frontOf(points, 'loss').map(({ x, y }) => [x, y])).toEqual([
    [1, 5],
    [3, 3],
    [5, 1],
  ]);
  expect(frontOf(points, 'roc-auc').map(({ x, y }) => [x, y])).toEqual([
    [1, 5],
    [2, 6],
  ]);
});
