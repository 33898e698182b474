/** The two forms of rows on the wire, and how a request picks them (RFC 9110, sections 8.3 and 12.5.1). */
import { parseAccept } from 'hono/utils/accept';
import { ProblemError } from './problems.ts';

export const JSON_TYPE = 'application/json';
/** Little-endian float32 values, row after row, nothing else. */
export const BINARY_TYPE = 'application/octet-stream';

export const MEDIA_TYPES = [JSON_TYPE, BINARY_TYPE] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/**
 * The form of a request's body, from Content-Type; parameters such as `charset` are ignored.
 * @throws {ProblemError} `unsupported-media-type` for any other type, and for a compressed body.
 */
export function requestMediaType(headers: Headers): MediaType {
  const encoding = headers.get('Content-Encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    const detail = `The body is encoded as ${JSON.stringify(encoding)}; send it without Content-Encoding.`;
    throw new ProblemError(
      'unsupported-media-type',
      { detail, expected: 'identity', received: encoding },
      // RFC 9110, section 15.5.16: with this header, clients can tell a wrong encoding from a wrong type.
      { headers: { 'Accept-Encoding': 'identity' } },
    );
  }
  const header = headers.get('Content-Type');
  const essence = header?.split(';', 1)[0]?.trim().toLowerCase();
  const type = MEDIA_TYPES.find((known) => known === essence);
  if (type) return type;
  const received = header ?? 'no Content-Type';
  throw new ProblemError(
    'unsupported-media-type',
    {
      detail: `Send ${MEDIA_TYPES.join(' or ')}; received ${received}.`,
      received,
      offered: [...MEDIA_TYPES],
    },
    { headers: { Accept: MEDIA_TYPES.join(', ') } },
  );
}

/**
 * The form of the answer, from Accept. Where the client has no preference (no header, a wildcard, equal weights), the
 * answer has the form of the request: whoever sends binary rows can read binary rows.
 * @throws {ProblemError} `not-acceptable` where neither form is accepted.
 */
export function answerMediaType(headers: Headers, request: MediaType): MediaType {
  const accept = headers.get('Accept') ?? '';
  const ranges = parseAccept(accept);
  if (ranges.length === 0) return request;
  const [best] = MEDIA_TYPES.map((type) => ({ type, quality: qualityOf(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || Number(b.type === request) - Number(a.type === request));
  if (best) return best.type;
  throw new ProblemError('not-acceptable', {
    detail: `The answer can be ${MEDIA_TYPES.join(' or ')}.`,
    received: accept,
    offered: [...MEDIA_TYPES],
  });
}

/** The weight of the most specific range that matches; 0 where none does. */
function qualityOf(type: MediaType, ranges: readonly { type: string; q: number }[]): number {
  for (const pattern of [type, 'application/*', '*/*']) {
    const range = ranges.find((candidate) => candidate.type.toLowerCase() === pattern);
    if (range) return range.q;
  }
  return 0;
}
