import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** POSTs the headers and only the start of a body, closes that direction, and answers what comes back. */
export async function postHalf(url: URL, headers: readonly string[], start: string): Promise<Response> {
  const socket = connect({ host: url.hostname, port: Number(url.port), allowHalfOpen: true });
  await once(socket, 'connect');
  socket.end([`POST ${url.pathname} HTTP/1.1`, `Host: ${url.host}`, ...headers, '', start].join('\r\n'));
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return new Response(body, { status: Number(statusLine.split(' ')[1]), headers: fields });
}
