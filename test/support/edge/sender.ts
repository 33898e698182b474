/** Sending what `fetch` would refuse to send, and many requests fast. */
import { Agent, request } from 'node:http';
import type { Answer } from './contract.ts';

export interface SentRequest {
  readonly method: string;
  /** As it stands in the request line, query and all. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Milliseconds without a sign of life after which a request hangs. */
const TIMEOUT = 20_000;

/**
 * Sends requests over connections that are kept.
 * @throws {Error} where there is no whole answer in time.
 */
export function sender(url: URL) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const send = (sent: SentRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { method, path, body } = sent;
      const address = { host: url.hostname, port: url.port, method, path, agent };
      const message = request({ ...address, headers: headersOf(sent), timeout: TIMEOUT });
      message.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const headers = new Headers(
            Object.entries(response.headers).map(([name, value]) => [name, `${value}`]),
          );
          resolve({ status: response.statusCode ?? 0, headers, bytes: Buffer.concat(chunks) });
        });
      });
      message.on('timeout', () => message.destroy(new Error(`no answer within ${TIMEOUT} ms`)));
      message.on('error', (error) => {
        // The server may close a connection that it has answered on, just as the next request is sent.
        if (message.reusedSocket && 'code' in error && error.code === 'ECONNRESET') resolve(send(sent));
        else reject(error);
      });
      message.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** With the length of the body: Node.js sends a body of DELETE without one, as if it were the next request. */
function headersOf({ headers, body }: SentRequest): Readonly<Record<string, string>> {
  if (body === undefined || 'Transfer-Encoding' in headers) return headers;
  return { ...headers, 'Content-Length': `${Buffer.byteLength(body)}` };
}
