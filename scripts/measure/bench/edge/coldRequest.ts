/** The request whose answer cold starts are timed by. */
import { timed } from '../../latency.ts';

export interface ColdRequest {
  /** Path of an operation. */
  readonly path: string;
  readonly rows: Float32Array<ArrayBuffer>;
}

/** Milliseconds until the whole answer is there, as the client sees it. @throws {Error} with any other answer than 200. */
export async function millisecondsToAnswer(url: URL, { path, rows }: ColdRequest): Promise<number> {
  const { milliseconds } = await timed(async () => {
    const headers = { 'Content-Type': 'application/octet-stream' };
    const response = await fetch(new URL(path, url), { method: 'POST', headers, body: rows });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.arrayBuffer();
  });
  return milliseconds;
}
