/** Transforms of columns: fitted to training rows, applied in JavaScript, and emitted as nodes of a graph. */
import * as z from 'zod';
import type { StepStatistics } from '../data/preprocessing.ts';
import type { Value } from '../graph/types.ts';

interface TransformBase<Schema extends z.ZodObject> {
  /** One line for the documentation. */
  readonly summary: string;
  /** Options with their defaults. */
  readonly config: Schema;
}

/** The largest float32. */
export const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** An option that is a number of float32's range. */
export const Float32 = z
  .number()
  .refine((value) => Number.isFinite(Math.fround(value)), 'expected a number of at most 3.4028235e38');

/**
 * Maps each number to a number; NaN is missing. Computes in float32, so that `apply` and `emit` agree, and is
 * finite for every finite float32, in both directions: one odd value must not cost a row its score.
 */
export interface NumberTransform<
  Schema extends z.ZodObject = z.ZodObject,
  S extends StepStatistics = StepStatistics,
> extends TransformBase<Schema> {
  readonly kind: 'number';
  /**
   * Fits the training values, of which at least one is present; `place` names the column in messages.
   * @throws {InputError} for values outside the transform's domain.
   */
  fit(values: Float32Array, options: z.output<Schema>, place: string): S;
  apply(value: number, statistics: S): number;
  /** Transforms columns `[N, columns]` together, each with its own statistics. */
  emit(x: Value, statistics: readonly S[]): Value;
  /** Inverts the transform, as far as it can be inverted. */
  invert(y: Value, statistics: readonly S[]): Value;
}

/** Maps strings to strings; `''` is missing. It has no inverse. */
export interface TextTransform<
  Schema extends z.ZodObject = z.ZodObject,
  S extends StepStatistics = StepStatistics,
> extends TransformBase<Schema> {
  readonly kind: 'text';
  fit(values: readonly string[], options: z.output<Schema>): S;
  apply(value: string, statistics: S): string;
  /** Transforms one string column `[N, 1]`. */
  emit(x: Value, statistics: S): Value;
}

/** Categories of the training rows, sorted by code units, without the missing value `''`. */
export type Categories = Readonly<Record<'categories', readonly string[]>>;

/** Encodes strings as numbers, and decodes numbers to the probabilities of the categories. */
export interface CategoryTransform<
  Schema extends z.ZodObject = z.ZodObject,
  S extends StepStatistics & Categories = StepStatistics & Categories,
> extends TransformBase<Schema> {
  readonly kind: 'category';
  fit(values: readonly string[], options: z.output<Schema>): S;
  /** Count of numbers that encode one string. */
  width(statistics: S): number;
  /** Writes the encoding of the category at `index`, -1 for none, into a view of zeros. */
  apply(index: number, into: Float32Array): void;
  /** Encodes strings `[N, 1]` as `[N, width]`. */
  emit(x: Value, statistics: S): Value;
  /** Decodes `[N, width]` to probabilities `[N, categories]`; each row adds up to 1. */
  invert(y: Value, statistics: S): Value;
}

export type Transform = NumberTransform | TextTransform | CategoryTransform;
