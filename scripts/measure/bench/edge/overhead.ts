/** What the Worker adds to what Hono and workerd cost by themselves. */
import { startHello } from '../../../worker/hello.ts';
import { serveLocally } from '../../../worker/local.ts';
import { measurement, type Ratio } from '../report.ts';
import type { EdgeBench, Results } from './edgeBench.ts';
import { type Load, requestsPerSecond } from './load.ts';

const ROUNDS = 5;
const SECONDS = 2;
const MANY = 64;

/**
 * Requests a second of a bare Hono app, and of `encode` for one row as float32 and as JSON, and for 64 rows. The contenders
 * take turns, so that all have the same share of whatever else the machine does.
 */
export async function benchOverhead({ artifact, rows: data, print }: EdgeBench): Promise<Results> {
  const hello = await startHello();
  const worker = await serveLocally([artifact], {
    port: 0,
    log: () => undefined,
    variables: { LOG: 'problems' },
  });
  try {
    const url = new URL('/v1/models/digits/encode', worker.url);
    const { count: width } = artifact.manifest.features;
    const binary = (rows: number): Load => {
      const body = Buffer.from(data.buffer, data.byteOffset, rows * width * 4);
      return { url, body, contentType: 'application/octet-stream' };
    };
    const rows = [Array.from(data.subarray(0, width))];
    const loads: Readonly<Record<string, Load>> = {
      hello: { url: hello.url },
      'encode-float32': binary(1),
      'encode-json': { url, body: Buffer.from(JSON.stringify({ rows })), contentType: 'application/json' },
      'encode-64-rows': binary(MANY),
    };
    const measured = await inTurns(loads, print);
    const result = (name: string) => measurement(`overhead/${name}`, 'requests/s', measured[name]!);
    const results = Object.fromEntries(Object.keys(loads).map((name) => [name, result(name)]));
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

/** The first round is a warm-up. */
async function inTurns(
  loads: Readonly<Record<string, Load>>,
  print: (line: string) => void,
): Promise<Record<string, number[]>> {
  const measured: Record<string, number[]> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, load] of Object.entries(loads)) {
      const rate = await requestsPerSecond(load, round === 0 ? 1 : SECONDS);
      if (round === 0) continue;
      measured[name] = [...(measured[name] ?? []), rate];
      print(`overhead/${name}, round ${round} of ${ROUNDS}: ${Math.round(rate)} requests/s`);
    }
  }
  return measured;
}
