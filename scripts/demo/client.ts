/** The demo's requests to the Worker, over HTTP like those of any client. */
import { createClient } from '../../edge/client.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { type Matrix, unpackRows } from '../../shared/tensor.ts';
import { type Latency, measureLatency, timed } from '../measure/latency.ts';

const WARM_REQUESTS = 500;

export interface WorkerAnswers {
  readonly codeSize: number;
  readonly reconstructions: number[][];
  /** Time from sending the first request to a fresh isolate until its answer. */
  readonly coldMilliseconds: number;
  /** Latency of `encode` with one row per request, as float32 bytes in both directions. */
  readonly latency: Latency;
}

/** Encodes and reconstructs the rows. The Worker must be fresh: its first answer is timed as a cold start. */
export async function askWorker(url: URL, { name }: Manifest, rows: Matrix): Promise<WorkerAnswers> {
  const body = rows.data.slice(0, rows.width);
  const encode = async () => {
    const headers = { 'Content-Type': 'application/octet-stream' };
    const response = await fetch(new URL(`/v1/models/${name}/encode`, url), {
      method: 'POST',
      headers,
      body,
    });
    if (!response.ok) throw new Error(`encode answered ${response.status}: ${await response.text()}`);
    return new Float32Array(await response.arrayBuffer());
  };
  const cold = await timed(encode);
  const client = createClient(url.href);
  const response = await client.v1.models[':model'].reconstruct.$post({
    param: { model: name },
    json: { rows: unpackRows(rows) },
  });
  if (!response.ok)
    throw new Error(`reconstruct answered ${response.status}: ${(await response.json()).detail}`);
  const { rows: reconstructions, problems = [] } = await response.json();
  if (problems.length > 0) throw new Error(`reconstruct answered not all rows: ${problems[0]!.detail}`);
  return {
    codeSize: cold.result.length,
    reconstructions: reconstructions.map((row) => row!),
    coldMilliseconds: cold.milliseconds,
    latency: await measureLatency(encode, WARM_REQUESTS),
  };
}
