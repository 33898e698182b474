/** Every operation, by its name in the path. */
import type { OperationName } from '../../shared/manifest.ts';
import type { Operation } from '../requests/operation.ts';
import { decode } from './decode.ts';
import { denoise } from './denoise.ts';
import { encode } from './encode.ts';
import { forecast } from './forecast.ts';
import { interpolate } from './interpolate.ts';
import { predict } from './predict.ts';
import { recommend } from './recommend.ts';
import { reconstruct } from './reconstruct.ts';
import { reduce } from './reduce.ts';
import { sample } from './sample.ts';
import { score } from './score.ts';
import { similar } from './similar.ts';
import { traverse } from './traverse.ts';

export const OPERATIONS = {
  encode,
  reduce,
  decode,
  reconstruct,
  denoise,
  score,
  sample,
  interpolate,
  traverse,
  predict,
  recommend,
  similar,
  forecast,
} as const satisfies Record<OperationName, Operation>;
