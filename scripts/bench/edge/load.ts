/** Requests at saturation, from this process to a Worker on this machine. */
import { Agent, type RequestOptions, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Load {
  readonly url: URL;
  readonly body?: Buffer;
  readonly contentType?: string;
}

/** Enough that the Worker never waits for the next request. */
const CONNECTIONS = 8;

/**
 * Requests answered a second, over connections that stay open.
 * @throws {Error} at the first answer that is not 200.
 */
export async function requestsPerSecond({ url, body, contentType }: Load, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const options: RequestOptions = {
    agent,
    ...(body && {
      method: 'POST',
      headers: { 'Content-Type': contentType, 'Content-Length': body.length },
    }),
  };
  const start = performance.now();
  const end = start + seconds * 1000;
  let answered = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await send(url, options, body);
      answered++;
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
    return (1000 * answered) / (performance.now() - start);
  } finally {
    agent.destroy();
  }
}

function send(url: URL, options: RequestOptions, body: Buffer | undefined): Promise<void> {
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
