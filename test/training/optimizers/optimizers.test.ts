import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { Engine, TrainingSession } from '../../../training/engines/engine.ts';
import { ENGINES } from '../../../training/engines/registry.ts';
import { createOptimizer, type OptimizerSettings } from '../../../training/optimizers/create.ts';
import { OPTIMIZERS, type OptimizerName } from '../../../training/optimizers/registry.ts';
import { resolveSettings } from '../../../training/settings.ts';
import { relativeError } from '../../support/training/evaluate.ts';
import { fedGradients } from '../../support/training/programs.ts';

/** A rule in plain numbers: returns the new weight, and keeps its state in `memory` between steps. */
type Reference = (weight: number, gradient: number, rate: number, memory: Record<string, number>) => number;

const adamReference: Reference = (weight, gradient, rate, memory) => {
  const t = (memory.t ?? 0) + 1;
  const m = 0.8 * (memory.m ?? 0) + 0.2 * gradient;
  const v = 0.95 * (memory.v ?? 0) + 0.05 * gradient ** 2;
  Object.assign(memory, { t, m, v });
  return weight - (rate * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.95 ** t)) + 1e-3);
};
const ADAM = { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 };

interface OptimizerCase {
  readonly settings: OptimizerSettings;
  readonly reference: Reference;
}

const CASES: Readonly<Record<OptimizerName, readonly OptimizerCase[]>> = {
  adam: [{ settings: ADAM, reference: adamReference }],
  adamw: [
    {
      settings: { ...ADAM, weightDecay: 0.1 },
      reference: (weight, gradient, rate, memory) =>
        adamReference(weight, gradient, rate, memory) - rate * 0.1 * weight,
    },
  ],
  sgd: [
    { settings: { momentum: 0 }, reference: (weight, gradient, rate) => weight - rate * gradient },
    {
      settings: { momentum: 0.7 },
      reference: (weight, gradient, rate, memory) => {
        memory.v = 0.7 * (memory.v ?? 0) + gradient;
        return weight - rate * memory.v;
      },
    },
    {
      settings: { momentum: 0.7, nesterov: true },
      reference: (weight, gradient, rate, memory) => {
        memory.v = 0.7 * (memory.v ?? 0) + gradient;
        return weight - rate * (gradient + 0.7 * memory.v);
      },
    },
  ],
  rmsprop: [0, 0.6].map((momentum) => ({
    settings: { decay: 0.8, epsilon: 1e-3, momentum },
    reference: (weight, gradient, rate, memory) => {
      memory.square = 0.8 * (memory.square ?? 0) + 0.2 * gradient ** 2;
      memory.change = momentum * (memory.change ?? 0) + (rate * gradient) / Math.sqrt(memory.square + 1e-3);
      return weight - memory.change;
    },
  })),
};

const STEPS = 20;
const INITIAL = [0.5, -0.25, 1, 0.125, -2, 0.75];
const source = random(3, 'gradients');
const GRADIENTS = Array.from({ length: STEPS }, () => INITIAL.map(() => 4 * source.uniform() - 2));

function optimizerOf(settings: OptimizerSettings) {
  return createOptimizer(resolveSettings('undercomplete', settings).optimizer);
}

/** A rate that is different at every step: it halves from epoch to epoch. */
const SCHEDULE = { learningRate: 0.05, schedule: 'step', stepEpochs: 1, stepFactor: 0.9 } as const;
const rateAt = (step: number) => 0.05 * 0.9 ** step;
const progressAt = (step: number) => ({ step, stepsPerEpoch: 1, epochs: STEPS });

async function stepsOf(session: TrainingSession, from: number, to: number): Promise<void> {
  for (let step = from; step < to; step++) {
    const batch = { data: Float32Array.from(GRADIENTS[step]!), rowCount: 1, width: INITIAL.length };
    await session.train(batch, progressAt(step));
  }
}

async function weightsAfter(engine: Engine, settings: OptimizerSettings): Promise<number[]> {
  const session = await engine(fedGradients(INITIAL, optimizerOf(settings)), {});
  await stepsOf(session, 0, STEPS);
  const weights = await session.weights();
  await session.dispose();
  return [...weights.get('plain')!, ...weights.get('scaled')!];
}

/** `prepare` sees the gradients of both parameters, as one list, and their weights. */
function referenceWeights(
  reference: Reference,
  prepare: (gradients: number[], weights: readonly number[]) => number[] = (gradients) => gradients,
): number[] {
  let weights = [...INITIAL, ...INITIAL];
  const memories = weights.map(() => ({}));
  GRADIENTS.forEach((row, step) => {
    const gradients = prepare([...row, ...row.map((value) => -2 * value)], weights);
    weights = weights.map((weight, i) => reference(weight, gradients[i]!, rateAt(step), memories[i]!));
  });
  return weights;
}

describe.each(Object.keys(OPTIMIZERS) as OptimizerName[])('optimizer %s', (optimizer) => {
  it('has a case', () => expect(CASES[optimizer]?.length).toBeGreaterThan(0));

  describe.each(CASES[optimizer])('with $settings', ({ settings, reference }) => {
    const all = { ...settings, ...SCHEDULE, optimizer };

    it.each(Object.entries(ENGINES))(
      'equals the rule in plain numbers after 20 steps in %s',
      async (_, engine) => {
        expect(relativeError(await weightsAfter(engine, all), referenceWeights(reference))).toBeLessThan(
          1e-5,
        );
      },
    );

    it.each(Object.entries(ENGINES))('continues from its state bit for bit in %s', async (_, engine) => {
      const program = () => fedGradients(INITIAL, optimizerOf(all));
      const whole = await engine(program(), {});
      await stepsOf(whole, 0, 7);
      const state = await whole.state();
      await stepsOf(whole, 7, STEPS);
      const resumed = await engine(program(), {});
      await resumed.restore(state);
      expect(await resumed.state()).toEqual(state);
      await stepsOf(resumed, 7, STEPS);
      expect(await resumed.state()).toEqual(await whole.state());
      await Promise.all([whole.dispose(), resumed.dispose()]);
    });
  });
});

const clippedByValue = (limit: number) => (gradients: number[]) =>
  gradients.map((value) => Math.max(-limit, Math.min(limit, value)));
const clippedByNorm = (limit: number) => (gradients: number[]) => {
  const norm = Math.hypot(...gradients);
  return norm <= limit ? gradients : gradients.map((value) => (value * limit) / norm);
};
const decayed = (l2: number) => (gradients: number[], weights: readonly number[]) =>
  gradients.map((value, i) => value + l2 * weights[i]!);

describe.each<[OptimizerSettings, (gradients: number[], weights: readonly number[]) => number[]]>([
  [{ clipValue: 0.5 }, clippedByValue(0.5)],
  [{ clipNorm: 1 }, clippedByNorm(1)],
  [{ clipNorm: 8 }, clippedByNorm(8)],
  [{ l2: 0.3 }, decayed(0.3)],
  [
    { clipValue: 1.5, clipNorm: 2, l2: 0.1 },
    (gradients, weights) => decayed(0.1)(clippedByNorm(2)(clippedByValue(1.5)(gradients)), weights),
  ],
])('gradients with %o', (preparation, prepare) => {
  it.each(
    (Object.keys(OPTIMIZERS) as OptimizerName[]).flatMap((optimizer) =>
      Object.keys(ENGINES).map((engine) => [optimizer, engine as keyof typeof ENGINES] as const),
    ),
  )('are prepared so for %s in %s', async (optimizer, engine) => {
    const { settings, reference } = CASES[optimizer][0]!;
    const all = { ...settings, ...SCHEDULE, ...preparation, optimizer };
    const expected = referenceWeights(reference, prepare);
    expect(relativeError(await weightsAfter(ENGINES[engine], all), expected)).toBeLessThan(1e-5);
  });
});

it('clipping does not change gradients within the limit, to the last bit', async () => {
  const plain = await weightsAfter(ENGINES.onnxruntime, { optimizer: 'sgd' });
  const clipped = await weightsAfter(ENGINES.onnxruntime, { optimizer: 'sgd', clipValue: 5, clipNorm: 50 });
  expect(clipped).toEqual(plain);
});

it('clips huge values to the limit', async () => {
  const huge = { data: new Float32Array(INITIAL.length).fill(1e30), rowCount: 1, width: INITIAL.length };
  const settings = { optimizer: 'sgd', momentum: 0, learningRate: 1 } as const;
  for (const engine of Object.values(ENGINES)) {
    const session = await engine(fedGradients(INITIAL, optimizerOf({ ...settings, clipValue: 0.5 })), {});
    await session.train(huge, progressAt(0));
    const { plain } = Object.fromEntries(await session.weights());
    expect([...plain!]).toEqual(INITIAL.map((value) => expect.closeTo(value - 0.5, 6)));
    await session.dispose();
  }
});
