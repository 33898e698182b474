import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** Sends exactly these bytes over a connection of their own, and answers what comes back, decoded. */
export async function sendRaw(url: URL, bytes: Uint8Array): Promise<Response> {
  const socket = connect({ host: url.hostname, port: Number(url.port), allowHalfOpen: true });
  await once(socket, 'connect');
  socket.end(bytes);
  const whole = await buffer(socket);
  const end = whole.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = whole.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const sent = whole.subarray(end + 4);
  const body = headers.get('Transfer-Encoding') === 'chunked' ? unchunked(sent) : sent;
  const isCompressed = headers.get('Content-Encoding') === 'gzip';
  return new Response(new Uint8Array(isCompressed ? gunzipSync(body) : body), {
    status: Number(statusLine.split(' ')[1]),
    headers,
  });
}

/** RFC 9112, section 7.1. */
function unchunked(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const start = bytes.indexOf('\r\n', offset) + 2;
    const size = Number.parseInt(bytes.toString('latin1', offset, start), 16);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(start, start + size));
    offset = start + size + 2;
  }
}
