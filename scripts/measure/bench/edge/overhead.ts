/** Overhead of the Worker over Hono and workerd alone, in workerd without a proxy in front of either. */
import { cpuMilliseconds, withProcess } from '../../../worker/budget/process.ts';
import { startHello } from '../../../worker/hello.ts';
import { serveLocally } from '../../../worker/local.ts';
import { type BenchResults, measurement, type Ratio } from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';
import { type BenchRequest, sendFor } from './httpClient.ts';

const ROUNDS = 9;
const SECONDS = 1;
const MANY = 64;

/** A request, and the process that answers it. */
interface Contender extends BenchRequest {
  readonly pid: number;
}

/**
 * Measures the CPU time of a request: `/health` next to a greeting of a plain Hono app, and `encode` of one row as
 * float32 and as JSON next to routes of that app which read the same body and write the same answer. At saturation,
 * the ratio of these times is that of requests per second, but a client that is slower than the Worker does not hide
 * it. The contenders take turns, so that other load on the machine affects all of them alike.
 */
export async function benchOverhead({ artifact, rows: data, print }: EdgeBench): Promise<BenchResults> {
  const [hello, helloPid] = await withProcess(startHello);
  const variables = { LOG: 'problems' };
  const options = { port: 0, log: () => undefined, isDirect: true, rateLimit: 1e9, variables };
  const [worker, pid] = await withProcess(() => serveLocally([artifact], options));
  try {
    const { count: width } = artifact.manifest.features;
    const float32 = (rows: number) => {
      const body = Buffer.from(data.buffer, data.byteOffset, rows * width * 4);
      return { body, contentType: 'application/octet-stream' };
    };
    const rows = [Array.from(data.subarray(0, width))];
    const json = { body: Buffer.from(JSON.stringify({ rows })), contentType: 'application/json' };
    const ours = (path: string) => ({ url: new URL(path, worker.url), pid });
    const plain = (path: string) => ({ url: new URL(path, hello.url), pid: helloPid });
    const encode = ours('/v1/models/digits/encode');
    const measured = await inTurns(
      {
        hello: plain('/hello'),
        health: ours('/health'),
        'hono-float32': { ...plain('/bytes'), ...float32(1) },
        'encode-float32': { ...encode, ...float32(1) },
        'hono-json': { ...plain('/json'), ...json },
        'encode-json': { ...encode, ...json },
        'encode-64-rows': { ...encode, ...float32(MANY) },
      },
      print,
    );
    const results = Object.fromEntries(
      Object.entries(measured).map(([name, runs]) => [
        name,
        measurement(`overhead/${name}`, 'us of CPU', runs),
      ]),
    );
    /** Requests, or rows, in the CPU time that the reference takes for one. */
    const share = (name: string, of: string, factor: number, target: number): Ratio => {
      const value = (factor * results[of]!.median) / results[name]!.median;
      const unit = factor === 1 ? 'requests' : 'rows';
      return {
        ...{ name: `overhead/${name} : overhead/${of}, ${unit} a second of CPU`, value, target },
        ...{ direction: '>=', pass: value >= target },
      };
    };
    return {
      results: Object.values(results),
      ratios: [
        share('encode-float32', 'hono-float32', 1, 0.65),
        share('encode-json', 'hono-json', 1, 0.55),
        share('health', 'hello', 1, 0.85),
        share('encode-64-rows', 'encode-float32', MANY, 30),
      ],
    };
  } finally {
    await Promise.all([worker.dispose(), hello.dispose()]);
  }
}

/** Microseconds of CPU time per request, by name, without those of the first round, a warm-up. */
async function inTurns(
  contenders: Readonly<Record<string, Contender>>,
  print: (line: string) => void,
): Promise<Record<string, number[]>> {
  const measured: Record<string, number[]> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const before = await cpuMilliseconds(contender.pid);
      const count = await sendFor(SECONDS, contender);
      if (round === 0) continue;
      const microseconds = (1000 * ((await cpuMilliseconds(contender.pid)) - before)) / count;
      measured[name] = [...(measured[name] ?? []), microseconds];
      print(`overhead/${name}, round ${round} of ${ROUNDS}: ${microseconds.toFixed(1)} us of CPU`);
    }
  }
  return measured;
}
