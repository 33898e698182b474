import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request with headers that `fetch` would not send as they are, for instance another Host. */
export function rawRequest(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (message) => {
      text(message).then((body) => {
        const fields = Object.entries(message.headers).map(([name, value]): [string, string] => [
          name,
          `${value}`,
        ]);
        resolve(new Response(body, { status: message.statusCode ?? 0, headers: fields }));
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}
