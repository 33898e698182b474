/** HTTP requests to a Worker on this machine, over connections that stay open. */
import { Agent, type RequestOptions, request as sendRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface BenchRequest {
  readonly url: URL;
  readonly body?: Buffer;
  readonly contentType?: string;
}

export interface BenchClient {
  /** Resolves once the whole answer has arrived. @throws {Error} if its status is not 200. */
  send(request: BenchRequest): Promise<void>;
  close(): void;
}

/** Enough connections that the Worker never waits for the next request. */
const CONNECTIONS = 8;

/** Opens a client with less overhead than `fetch`, which matters if a request takes a millisecond. */
export function newClient(connections: number): BenchClient {
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
 * Sends requests for some time, as many at once as saturate a Worker, and returns how many were answered.
 * @throws {Error} at the first answer whose status is not 200.
 */
export async function sendFor(seconds: number, request: BenchRequest): Promise<number> {
  const client = newClient(CONNECTIONS);
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const keepAsking = async (): Promise<void> => {
    while (performance.now() < end) {
      await client.send(request);
      count++;
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, keepAsking));
    return count;
  } finally {
    client.close();
  }
}

function answered(url: URL, options: RequestOptions, body: Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = sendRequest(url, options, (message) => {
      buffer(message).then((answer) => {
        if (message.statusCode === 200) return resolve();
        reject(new Error(`${url} answered ${message.statusCode}: ${answer}`));
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
