/** Rows whose last columns are a condition: input of the encoder and the decoder, but not reconstructed. */
import { InputError } from '../../shared/errors.ts';
import { concat } from '../graph/ops/concat.ts';
import { pad } from '../graph/ops/pad.ts';
import type { Value } from '../graph/types.ts';
import { filled, type Weighting } from '../objectives/weighting.ts';
import type { Autoencoder } from './model.ts';

export interface Conditioning {
  /** Number of columns that are reconstructed. */
  readonly width: number;
  /** Returns the reconstructed columns of rows `[N, features]`. */
  readonly target: (rows: Value) => Value;
  /** Returns the condition of rows, with missing values set to 0; undefined if rows have no condition. */
  readonly given: (rows: Value) => Value | undefined;
  /** Returns the input of the decoder: the code, followed by the condition if there is one. */
  readonly joined: (code: Value, condition: Value | undefined) => Value;
  /** The parts of the model that describe the condition. */
  readonly parts: Pick<Autoencoder, 'target' | 'condition'>;
}

/**
 * Splits rows of `features` columns into target and condition.
 * @throws {InputError} if the condition leaves no column to reconstruct.
 */
export function conditioning(
  features: number,
  { conditionSize: size, missing }: Pick<Weighting, 'missing'> & { readonly conditionSize: number },
): Conditioning {
  const width = features - size;
  if (width < 1) {
    throw new InputError(
      `setting 'conditionSize': expected fewer than the ${features} columns of a row, received ${size}; append the condition to the rows`,
    );
  }
  const target = (rows: Value) => pad(rows, [0, 0, 0, 0 - size]);
  const of = (rows: Value) => filled(pad(rows, [0, 0 - width, 0, 0]), { missing });
  return {
    width,
    target,
    given: (rows) => (size === 0 ? undefined : of(rows)),
    joined: (code, condition) => (condition === undefined ? code : concat([code, condition], 1)),
    parts: size === 0 ? {} : { target, condition: { size, of } },
  };
}
