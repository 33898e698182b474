import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { add, sub } from '../graph/ops/arithmetic.ts';
import { clip } from '../graph/ops/clip.ts';
import { exp } from '../graph/ops/exponentials.ts';
import { log } from '../graph/ops/powers.ts';
import { isNan, where } from '../graph/ops/where.ts';
import { scalar } from '../graph/value.ts';
import { MOST } from './symlog.ts';
import type { NumberTransform } from './transform.ts';

const Config = z.strictObject({});

/** Missing in manifests from before `least`, whose graphs have no number for values of -1 and below. */
type Floor = Readonly<Partial<Record<'least', number>>>;

/** The float32 after -1. */
const LEAST = -1 + 2 ** -24;

export const log1p: NumberTransform<typeof Config, Floor> = {
  kind: 'number',
  summary: 'computes log(1 + x), for values above -1 with a long tail; a lower value counts as almost -1',
  config: Config,
  fit: (values, _, place) => {
    const wrong = values.find((value) => value <= -1);
    if (wrong !== undefined)
      throw new InputError(`${place}: expected values above -1 for log1p, found ${wrong}`);
    return { least: LEAST };
  },
  apply: (value, { least = Number.NEGATIVE_INFINITY }) =>
    Math.fround(Math.log(Math.fround(1 + Math.max(value, least)))),
  emit: (x) => {
    // ONNX does not define Clip for NaN, so missing values bypass it.
    const within = where(isNan(x), x, clip(x, { min: LEAST }));
    return log(add(scalar(1), within));
  },
  invert: (y) => sub(exp(clip(y, { max: MOST })), scalar(1)),
};
