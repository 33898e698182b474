/** Media types of bodies, and their negotiation (RFC 9110, sections 8.3 and 12.5.1). */
import { parseAccept } from 'hono/utils/accept';
import { ProblemError } from '../problems.ts';

export const JSON_TYPE = 'application/json';
/** Little-endian float32 values, row after row, without a header. */
export const BINARY_TYPE = 'application/octet-stream';
/** One JSON document per line (https://github.com/ndjson/ndjson-spec). */
export const NDJSON_TYPE = 'application/x-ndjson';
export const PNG_TYPE = 'image/png';

/** Media types of requests, by the kind of operation. */
export const REQUEST_TYPES = {
  rows: [JSON_TYPE, BINARY_TYPE, PNG_TYPE],
  body: [JSON_TYPE],
} as const;

/**
 * Returns the media type of a request's body, from Content-Type; parameters such as `charset` are ignored.
 * @throws {ProblemError} `unsupported-media-type` for a type that is not `offered`, and for a compressed
 * body.
 */
export function requestMediaType<Type extends string>(headers: Headers, offered: readonly Type[]): Type {
  assertIdentity(headers);
  const header = headers.get('Content-Type');
  const essence = header?.split(';', 1)[0]?.trim().toLowerCase();
  const type = offered.find((known) => known === essence);
  if (type) return type;
  const received = header ?? 'no Content-Type';
  throw new ProblemError(
    'unsupported-media-type',
    { detail: `Send ${offered.join(' or ')}; received ${received}.`, received, offered: [...offered] },
    { headers: { Accept: offered.join(', ') } },
  );
}

/** @throws {ProblemError} `unsupported-media-type` for a compressed body. */
export function assertIdentity(headers: Headers): void {
  const encoding = headers.get('Content-Encoding') ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  const detail = `The body is encoded as ${JSON.stringify(encoding)}; send it without Content-Encoding.`;
  throw new ProblemError(
    'unsupported-media-type',
    { detail, expected: 'identity', received: encoding },
    // RFC 9110, section 15.5.16: this header distinguishes a wrong encoding from a wrong type.
    { headers: { 'Accept-Encoding': 'identity' } },
  );
}

/**
 * Returns the `offered` media types that Accept allows, by preference. Without a preference of the client (no
 * header, a wildcard, equal weights), the type of the request comes first, then the order of `offered`. NDJSON is
 * accepted only by name.
 * @throws {ProblemError} `not-acceptable` if none is accepted.
 */
export function acceptedTypes(
  headers: Headers,
  request: string,
  offered: readonly string[],
): readonly string[] {
  const accept = headers.get('Accept') ?? '*/*';
  const ranges = parseAccept(accept);
  // Clients that know one JSON document cannot read several, so a wildcard does not ask for them.
  const isAsked = (type: string) =>
    type !== NDJSON_TYPE || ranges.some((range) => range.type.toLowerCase() === type);
  const accepted = offered
    .filter(isAsked)
    .map((type) => ({ type, quality: ranges.length === 0 ? 1 : qualityOf(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || Number(b.type === request) - Number(a.type === request));
  if (accepted.length > 0) return accepted.map(({ type }) => type);
  throw new ProblemError('not-acceptable', {
    detail: `The answer can be ${offered.join(' or ')}.`,
    received: accept,
    offered: [...offered],
  });
}

/** Headers of which `negotiation` keeps the result. Clients choose them: at this number, all are forgotten. */
const MOST = 64;
/** Characters of a header that is kept. */
const LONGEST = 200;

/**
 * Returns `acceptedTypes` for some `offered` media types, with a memory: clients send few different headers.
 *
 * @example
 * const accepted = negotiation([JSON_TYPE, BINARY_TYPE]);
 * accepted(headers, BINARY_TYPE); // ['application/octet-stream', 'application/json']
 */
export function negotiation(
  offered: readonly string[],
): (headers: Headers, request: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (headers, request) => {
    const key = `${request} ${headers.get('Accept')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const accepted = acceptedTypes(headers, request, offered);
    if (known.size >= MOST) known.clear();
    if (key.length <= LONGEST) known.set(key, accepted);
    return accepted;
  };
}

/** Returns the weight of the most specific range that matches; 0 if none does. */
function qualityOf(type: string, ranges: readonly { type: string; q: number }[]): number {
  for (const pattern of [type, `${type.split('/', 1)[0]}/*`, '*/*']) {
    const range = ranges.find((candidate) => candidate.type.toLowerCase() === pattern);
    if (range) return range.q;
  }
  return 0;
}
