/** A long series of a pump: two columns that follow a daily cycle, and faults of an hour among the newest points. */
import { random } from '../../../shared/random.ts';

const MINUTES = 10;
/** Points of a fault. */
export const FAULT = 6;

/**
 * Lines of CSV, one for every ten minutes. In a fault, pressure lags behind the load: each value is usual, and only the
 * course of both is not.
 * @param faults First point of each fault.
 */
export function pumpSeries(points: number, faults: readonly number[], seed = 3): string[] {
  const source = random(seed, 'pump');
  const noise = () => 0.1 * (source.uniform() - 0.5);
  const isFault = (point: number) => faults.some((first) => point >= first && point < first + FAULT);
  const loadAt = (point: number) => Math.sin((2 * Math.PI * point) / 36);
  const rows = Array.from({ length: points }, (_, point) => {
    const time = new Date(Date.UTC(2026, 0, 1) + point * MINUTES * 60_000).toISOString().slice(0, 19);
    const pressure = isFault(point) ? -loadAt(point) : loadAt(point);
    return [
      time,
      (loadAt(point) + noise()).toFixed(4),
      (pressure + noise()).toFixed(4),
      Number(isFault(point)),
    ];
  });
  return ['time,load,pressure,fault', ...rows.map((row) => row.join(','))];
}
