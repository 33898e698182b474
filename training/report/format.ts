/** Formats numbers and names for reports. */
import type { Parity } from '../../shared/measured.ts';

/** Four significant digits, or a dash for null. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  return Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

/** `60,000` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `97.3 %`, for a share in [0, 1]. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `99.82 %`, with more decimals where a share below 1 would read 100 %. */
export function finePercent(share: number): string {
  const digits = [2, 3, 4, 5].find((each) => share === 1 || Number((100 * share).toFixed(each)) !== 100) ?? 6;
  return `${(100 * share).toFixed(digits)} %`;
}

/** `0.38 %`, for a share that may be small: two significant digits. */
export function smallPercent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** `3.1e-7 of the largest value, on 1,000 rows`: the absolute difference of large values looks like a failure. */
export function parityText({ maxScaledDifference, rows }: Parity): string {
  return `${maxScaledDifference.toExponential(1)} of the largest value, on ${count(rows)} rows`;
}

/** `0.38 % worse`, or `better` for a negative change. */
export function worsening(relativeChange: number): string {
  return `${smallPercent(Math.abs(relativeChange))} ${relativeChange < 0 ? 'better' : 'worse'}`;
}

/** Bytes of a vector of so many dimensions; as int8, with its scale as float32. */
export const VECTOR_BYTES = {
  float32: (dimensions: number) => 4 * dimensions,
  int8: (dimensions: number) => 4 + dimensions,
} as const;
