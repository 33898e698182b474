/** Overhead of the Worker over Hono and workerd alone. */
import { startHello } from '../../../worker/hello.ts';
import { serveLocally } from '../../../worker/local.ts';
import { type BenchResults, measurement, type Ratio } from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';
import { type BenchRequest, requestsPerSecond } from './httpClient.ts';

const ROUNDS = 5;
const SECONDS = 2;
const MANY = 64;

/**
 * Measures the requests per second of a minimal Hono app, and of `encode` for one row as float32 and as JSON,
 * and for 64 rows. The contenders take turns, so that other load on the machine affects all of them alike.
 */
export async function benchOverhead({ artifact, rows: data, print }: EdgeBench): Promise<BenchResults> {
  const hello = await startHello();
  const worker = await serveLocally([artifact], {
    port: 0,
    log: () => undefined,
    variables: { LOG: 'problems' },
  });
  try {
    const url = new URL('/v1/models/digits/encode', worker.url);
    const { count: width } = artifact.manifest.features;
    const binary = (rows: number): BenchRequest => {
      const body = Buffer.from(data.buffer, data.byteOffset, rows * width * 4);
      return { url, body, contentType: 'application/octet-stream' };
    };
    const rows = [Array.from(data.subarray(0, width))];
    const requests: Readonly<Record<string, BenchRequest>> = {
      hello: { url: hello.url },
      'encode-float32': binary(1),
      'encode-json': { url, body: Buffer.from(JSON.stringify({ rows })), contentType: 'application/json' },
      'encode-64-rows': binary(MANY),
    };
    const measured = await inTurns(requests, print);
    const result = (name: string) => measurement(`overhead/${name}`, 'requests/s', measured[name]!);
    const results = Object.fromEntries(Object.keys(requests).map((name) => [name, result(name)]));
    const share = (name: string, of: string, factor: number, target: number): Ratio => {
      const value = (factor * results[name]!.median) / results[of]!.median;
      const title = factor === 1 ? '' : `, rows/s`;
      return {
        ...{ name: `overhead/${name} : overhead/${of}${title}`, value, target },
        ...{ direction: '>=', pass: value >= target },
      };
    };
    return {
      results: Object.values(results),
      ratios: [
        share('encode-float32', 'hello', 1, 0.8),
        share('encode-json', 'hello', 1, 0.6),
        share('encode-64-rows', 'encode-float32', MANY, 25),
      ],
    };
  } finally {
    await Promise.all([worker.dispose(), hello.dispose()]);
  }
}

/** Rates of each contender by name, without those of the first round, a warm-up. */
async function inTurns(
  requests: Readonly<Record<string, BenchRequest>>,
  print: (line: string) => void,
): Promise<Record<string, number[]>> {
  const measured: Record<string, number[]> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, request] of Object.entries(requests)) {
      const rate = await requestsPerSecond(request, round === 0 ? 1 : SECONDS);
      if (round === 0) continue;
      measured[name] = [...(measured[name] ?? []), rate];
      print(`overhead/${name}, round ${round} of ${ROUNDS}: ${Math.round(rate)} requests/s`);
    }
  }
  return measured;
}
