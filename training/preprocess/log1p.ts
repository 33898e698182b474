import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { add, sub } from '../graph/ops/arithmetic.ts';
import { exp } from '../graph/ops/exponentials.ts';
import { log } from '../graph/ops/powers.ts';
import { scalar } from '../graph/value.ts';
import type { NumberTransform } from './transform.ts';

const Config = z.strictObject({});

export const log1p: NumberTransform<typeof Config> = {
  kind: 'number',
  summary: 'computes log(1 + x), for values above -1 with a long tail',
  config: Config,
  fit: (values, _, place) => {
    const wrong = values.find((value) => value <= -1);
    if (wrong !== undefined)
      throw new InputError(`${place}: expected values above -1 for log1p, found ${wrong}`);
    return {};
  },
  apply: (value) => Math.fround(Math.log(Math.fround(1 + value))),
  emit: (x) => log(add(scalar(1), x)),
  invert: (y) => sub(exp(y), scalar(1)),
};
