/** Requests from this process to a Worker on this machine, over connections that stay open. */
import { Agent, type RequestOptions, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Load {
  readonly url: URL;
  readonly body?: Buffer;
  readonly contentType?: string;
}

export interface Client {
  /** Resolves once all of the answer is there. @throws {Error} where it is not 200. */
  send(load: Load): Promise<void>;
  close(): void;
}

/** Enough that the Worker never waits for the next request. */
const CONNECTIONS = 8;

/** Costs less by itself than `fetch` does, which matters where a request takes a millisecond. */
export function newClient(connections: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: ({ url, body, contentType }) => {
      const headers = body && { 'Content-Type': contentType, 'Content-Length': body.length };
      return answered(url, { agent, ...(headers && { method: 'POST', headers }) }, body);
    },
    close: () => agent.destroy(),
  };
}

/**
 * Requests answered a second, at saturation.
 * @throws {Error} at the first answer that is not 200.
 */
export async function requestsPerSecond(load: Load, seconds: number): Promise<number> {
  const client = newClient(CONNECTIONS);
  const start = performance.now();
  const end = start + seconds * 1000;
  let count = 0;
  const keepAsking = async (): Promise<void> => {
    while (performance.now() < end) {
      await client.send(load);
      count++;
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, keepAsking));
    return (1000 * count) / (performance.now() - start);
  } finally {
    client.close();
  }
}

function answered(url: URL, options: RequestOptions, body: Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (message) => {
      buffer(message).then((answer) => {
        if (message.statusCode === 200) return resolve();
        reject(new Error(`${url} answered ${message.statusCode}: ${answer}`));
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
