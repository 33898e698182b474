import * as z from 'zod';
import { clip as clipTo } from '../graph/ops/clip.ts';
import { concat, split } from '../graph/ops/concat.ts';
import { isNan, where } from '../graph/ops/where.ts';
import { ascendingOf } from './scaling.ts';
import { Float32, type NumberTransform } from './transform.ts';

const bound = (which: string) =>
  Float32.nullable().describe(`the ${which} value; null: the ${which} of the training rows`).default(null);

const Config = z.strictObject({ min: bound('smallest'), max: bound('largest') });

type ClipBounds = Readonly<Record<'min' | 'max', number>>;

export const clip: NumberTransform<typeof Config, ClipBounds> = {
  kind: 'number',
  summary: 'replaces values outside two bounds by the nearer bound',
  config: Config,
  fit: (values, { min, max }) => {
    const ascending = ascendingOf(values);
    return { min: Math.fround(min ?? ascending[0]!), max: Math.fround(max ?? ascending.at(-1)!) };
  },
  apply: (value, { min, max }) => Math.min(Math.max(value, min), max),
  emit: (x, statistics) => {
    const columns =
      statistics.length === 1
        ? [x]
        : split(
            x,
            statistics.map(() => 1),
            1,
          );
    const clipped = columns.map((column, i) => clipTo(column, statistics[i]!));
    // ONNX does not define Clip for NaN, so missing values bypass it.
    return where(isNan(x), x, clipped.length === 1 ? clipped[0]! : concat(clipped, 1));
  },
  invert: (y) => y,
};
