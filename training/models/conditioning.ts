/** Rows whose last columns are a condition: given to the encoder and to the decoder, and not reconstructed. */
import { InputError } from '../../shared/errors.ts';
import { concat } from '../graph/ops/concat.ts';
import { pad } from '../graph/ops/pad.ts';
import type { Value } from '../graph/types.ts';
import { filled, type Weighting } from '../objectives/weighting.ts';
import type { Autoencoder } from './model.ts';

export interface Conditioning {
  /** Columns that are reconstructed. */
  readonly width: number;
  /** Those columns of rows `[N, features]`. */
  readonly target: (rows: Value) => Value;
  /** The others, with 0 for what is missing, as the decoder takes them; undefined where there are none. */
  readonly given: (rows: Value) => Value | undefined;
  /** What the decoder sees: the code, followed by the condition. */
  readonly joined: (code: Value, condition: Value | undefined) => Value;
  /** What the model says of it. */
  readonly parts: Pick<Autoencoder, 'target' | 'condition'>;
}

/** @throws {InputError} when the condition leaves no column to reconstruct. */
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
