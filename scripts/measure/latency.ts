/** Latency of a running Worker, over HTTP on this machine. */
import { quantile } from '../../shared/quantile.ts';

export interface Latency {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
}

/** Milliseconds until `request` has been answered. */
export async function timed<T>(request: () => Promise<T>): Promise<{ milliseconds: number; result: T }> {
  const start = performance.now();
  const result = await request();
  return { milliseconds: performance.now() - start, result };
}

/** Percentiles of sequential requests. */
export async function measureLatency(request: () => Promise<unknown>, requests: number): Promise<Latency> {
  const times: number[] = [];
  for (let i = 0; i < requests; i++) times.push((await timed(request)).milliseconds);
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), requests };
}
