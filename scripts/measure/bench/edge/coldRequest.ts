/** The request by which cold starts are timed. */
import { timed } from '../../latency.ts';

export interface ColdRequest {
  /** Path of an operation. */
  readonly path: string;
  readonly rows: Float32Array<ArrayBuffer>;
}

/**
 * Measures the milliseconds until the client has the whole answer.
 * @throws {Error} if its status is not 200.
 */
export async function millisecondsToAnswer(url: URL, { path, rows }: ColdRequest): Promise<number> {
  const { milliseconds } = await timed(async () => {
    const headers = { 'Content-Type': 'application/octet-stream' };
    const response = await fetch(new URL(path, url), { method: 'POST', headers, body: rows });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.arrayBuffer();
  });
  return milliseconds;
}
