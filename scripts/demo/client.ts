/** What the demo asks of the Worker, over HTTP as any client would. */
import { createClient } from '../../edge/client.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { type Matrix, unpackRows } from '../../shared/tensor.ts';
import { type Latency, measureLatency, timed } from '../measure/latency.ts';

const WARM_REQUESTS = 500;

export interface WorkerAnswers {
  readonly codeSize: number;
  readonly reconstructions: number[][];
  /** From sending the first request of a fresh isolate to its answer. */
  readonly coldMilliseconds: number;
  /** One row a request, float32 bytes both ways. */
  readonly latency: Latency;
}

/** Encodes and reconstructs the rows; the Worker must not have answered anything before. */
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
  return {
    codeSize: cold.result.length,
    reconstructions: (await response.json()).rows,
    coldMilliseconds: cold.milliseconds,
    latency: await measureLatency(encode, WARM_REQUESTS),
  };
}
