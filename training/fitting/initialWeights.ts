/** Weights that training starts from, in place of random ones. */
import { InputError } from '../../shared/errors.ts';
import type { AnyRows } from '../data/batches.ts';
import type { Program, TrainingSession } from '../engines/engine.ts';
import type { Weights } from '../graph/types.ts';
import type { StartTools } from '../models/model.ts';
import type { NamedVariant } from '../models/variantChoice.ts';

/** Weights by the model's own parameter names. */
export interface InitialWeights {
  /** Origin of the weights, for instance `digits@0a1b2c3d4e5f`. */
  readonly source: string;
  readonly weights: Weights;
}

/**
 * Returns the weights that the variant computes from the training rows, if its settings ask for them, and the
 * program's own for all other parameters.
 */
export async function variantStart(
  { start }: NamedVariant,
  settings: Record<string, unknown>,
  rows: AnyRows,
  tools: StartTools,
  { parameters }: Program,
): Promise<InitialWeights | undefined> {
  const weights = await start?.(settings, rows, tools);
  if (weights === undefined) return undefined;
  const random = parameters.map(({ name, initial }) => [name, initial] as const);
  return { source: "setting 'start'", weights: new Map([...random, ...weights]) };
}

/**
 * Replaces the parameters of a session.
 * @throws {InputError} if weights are missing or belong to another architecture.
 */
export async function loadInitialWeights(
  session: TrainingSession,
  { parameters }: Program,
  { source, weights }: InitialWeights,
): Promise<void> {
  const state = new Map(await session.state());
  for (const { name } of parameters) {
    const [expected, received] = [state.get(name)!.length, weights.get(name)?.length ?? 'none'];
    if (received !== expected) {
      throw new InputError(
        `${source}: expected ${expected} weights for '${name}' to start from, received ${received}; start from random weights, or use the settings it was trained with`,
      );
    }
    state.set(name, weights.get(name)!);
  }
  await session.restore(state);
}
