/** What every answer must be, whatever the request was. */
import { KEYS, SCOPES_OF } from '../apiKeys.ts';
import { type Answer, documented, faultsOf, violations } from '../contract.ts';
import { readAnswer } from '../inferMessages.ts';
import type { SentRequest } from '../sender.ts';

/** Statuses of what the document has no answer for. */
const UNDOCUMENTED = [401, 403, 404, 405];

/**
 * What is wrong with an answer: it is an error of the Worker's own, not what the OpenAPI document says, or meant for other
 * keys. Models that are `broken` may be unavailable.
 */
export async function judge(request: SentRequest, answer: Answer, broken: RegExp): Promise<unknown[]> {
  const { method } = request;
  const { status, headers, bytes } = answer;
  const path = routed(request.path);
  if (status >= 500 && !(status === 503 && broken.test(path))) return [status, text(answer)];
  if (!headers.has('X-Request-Id') || headers.get('X-Content-Type-Options') !== 'nosniff')
    return [status, 'the answer is not that of the Worker', text(answer)];
  const found = documented(method === 'HEAD' ? 'GET' : method, path);
  const scope = found?.operation.security[0]?.bearer?.[0];
  if (status < 300 && method !== 'OPTIONS' && scope !== undefined && !scopesOf(request).includes(scope))
    return ['this is not for everybody', scope];
  if (method === 'HEAD' || status === 204) return bytes.length === 0 ? [] : ['there is a body'];
  if (headers.has('Inference-Header-Content-Length')) {
    await readAnswer(new Response(new Uint8Array(bytes), { headers }));
    return [];
  }
  if (found) return faultsOf(method, path, answer);
  if (!UNDOCUMENTED.includes(status)) return [status, 'is not in the document'];
  const schema = path === '/v2' || path.startsWith('/v2/') ? 'ProtocolError' : 'Problem';
  return violations(['components', 'schemas', schema], JSON.parse(text(answer)));
}

/** What the keys of a request, wherever they are, allow together. */
function scopesOf({ headers }: SentRequest): string[] {
  const sent = Object.values(headers).join('\n');
  const names = Object.keys(KEYS) as (keyof typeof KEYS)[];
  return names.filter((name) => sent.includes(KEYS[name])).flatMap((name) => SCOPES_OF[name]);
}

function text({ bytes }: Answer): string {
  return new TextDecoder().decode(bytes);
}

/** The path as routes see it: normalised, and without percent-encoding but for what a path may not have (RFC 3986, section 2.2). */
export function routed(target: string): string {
  const { pathname } = new URL(`http://localhost${target}`);
  return pathname.replace(/(?:%[0-9A-F]{2})+/gi, (encoded) => {
    try {
      return decodeURI(encoded.replaceAll('%25', '%2525'));
    } catch {
      return encoded;
    }
  });
}
