/** What a transform of a column is: fitted on training rows, applied to a column, and emitted as nodes of a graph. */
import type * as z from 'zod';
import type { StepStatistics } from '../data/preprocessing.ts';
import type { Value } from '../graph/types.ts';

interface TransformBase<Schema extends z.ZodObject> {
  /** What it does, in one line for the documentation. */
  readonly summary: string;
  /** Its options, with their defaults. */
  readonly config: Schema;
}

/** Numbers to numbers, each by itself, NaN where missing; in float32, so that both ways to compute it agree. */
export interface NumberTransform<
  Schema extends z.ZodObject = z.ZodObject,
  S extends StepStatistics = StepStatistics,
> extends TransformBase<Schema> {
  readonly kind: 'number';
  /**
   * Of the values in the training rows, of which at least one is there; `place` names the column in messages.
   * @throws {InputError} for values that it has no result for.
   */
  fit(values: Float32Array, options: z.output<Schema>, place: string): S;
  apply(value: number, statistics: S): number;
  /** Of columns `[N, columns]` at once, with the statistics of each. */
  emit(x: Value, statistics: readonly S[]): Value;
  /** Back again, as far as there is a way back. */
  invert(y: Value, statistics: readonly S[]): Value;
}

/** Strings to strings, `''` where missing; there is no way back and nothing to undo. */
export interface TextTransform<
  Schema extends z.ZodObject = z.ZodObject,
  S extends StepStatistics = StepStatistics,
> extends TransformBase<Schema> {
  readonly kind: 'text';
  fit(values: readonly string[], options: z.output<Schema>): S;
  apply(value: string, statistics: S): string;
  /** Of one column, `[N, 1]`. */
  emit(x: Value, statistics: S): Value;
}

/** What there is in the training rows, sorted by code units; `''`, for missing, is none of them. */
export type Categories = Readonly<Record<'categories', readonly string[]>>;

/** Strings to numbers, and numbers to the probabilities of the categories. */
export interface CategoryTransform<
  Schema extends z.ZodObject = z.ZodObject,
  S extends StepStatistics & Categories = StepStatistics & Categories,
> extends TransformBase<Schema> {
  readonly kind: 'category';
  fit(values: readonly string[], options: z.output<Schema>): S;
  /** How many numbers it makes of a string. */
  width(statistics: S): number;
  /** Writes the numbers of the category at `index`, or of none for -1, where there are zeros. */
  apply(index: number, into: Float32Array): void;
  /** `[N, 1]` to `[N, width]` */
  emit(x: Value, statistics: S): Value;
  /** `[N, width]` to `[N, categories]`, which add up to 1. */
  invert(y: Value, statistics: S): Value;
}

export type Transform = NumberTransform | TextTransform | CategoryTransform;
