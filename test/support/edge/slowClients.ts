/** Clients that stop in the middle: of sending a body, or of taking an answer. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface SlowClient {
  /** What has come back so far. */
  readonly received: () => string;
  /** Resolves with all that comes back, once the server closes the connection. */
  readonly ended: Promise<string>;
  close(): void;
}

/** POSTs JSON of `length` bytes, of which only the first `sent` are sent. */
export async function startUpload(url: URL, length: number, sent = 1): Promise<SlowClient> {
  const socket = await connected(url);
  socket.write(head(url, [`Content-Length: ${length}`]));
  socket.write(' '.repeat(sent));
  return followed(socket);
}

/** POSTs JSON without its length, of which only the first `sent` bytes are sent. */
export async function startChunkedUpload(url: URL, sent: number): Promise<SlowClient> {
  const socket = await connected(url);
  socket.write(head(url, ['Transfer-Encoding: chunked']));
  socket.write(`${sent.toString(16)}\r\n${' '.repeat(sent)}\r\n`);
  return followed(socket);
}

/** POSTs a body, and takes nothing of the answer but its first bytes. */
export async function ignoreAnswer(
  url: URL,
  body: string,
  headers: readonly string[] = [],
): Promise<SlowClient & { readonly status: number }> {
  const socket = await connected(url);
  socket.write(head(url, [`Content-Length: ${Buffer.byteLength(body)}`, ...headers]) + body);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  const status = Number(first.toString('latin1').split(' ')[1]);
  return { ...followed(socket, first.toString('latin1')), status };
}

async function connected(url: URL): Promise<Socket> {
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  await once(socket, 'connect');
  return socket;
}

function head(url: URL, headers: readonly string[]): string {
  const all = [`Host: ${url.host}`, 'Content-Type: application/json', ...headers];
  return [`POST ${url.pathname} HTTP/1.1`, ...all, '', ''].join('\r\n');
}

function followed(socket: Socket, first = ''): SlowClient {
  let text = first;
  const isPaused = socket.isPaused();
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  if (isPaused) socket.pause();
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(text));
    // A connection that is reset is over, too.
    socket.on('error', () => undefined);
  });
  return { received: () => text, ended, close: () => socket.destroy() };
}
