/** What can be done to any request, whatever it is. */
import * as fc from 'fast-check';
import { KEY_HEADER } from '../../../../edge/models/canary.ts';
import type { SentRequest } from '../sender.ts';

type Mutation = (request: SentRequest) => SentRequest;

/** Those that workerd passes on; it answers any other itself. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'PURGE'] as const;

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'Content-Type': [
    '',
    'application/json',
    'APPLICATION/JSON; charset=latin1',
    'application/octet-stream',
    'image/png',
    'image/jpeg',
    'multipart/form-data',
    'application/x-ndjson',
    ';',
    'a'.repeat(2000),
  ],
  Accept: [
    '',
    '*/*',
    'application/*',
    'image/png',
    '*/*;q=0',
    'application/json;q=nan',
    'application/json;q=1e9,,;',
    `${'a/b,'.repeat(300)}`,
    '"',
    ';q=1',
    'application/x-ndjson;q=0.5, application/octet-stream',
  ],
  'Content-Encoding': ['gzip', 'identity', 'br, gzip', ''],
  'Inference-Header-Content-Length': [
    '0',
    '1',
    '10',
    '100',
    '-1',
    '1e2',
    '0x10',
    '99999999999999999999',
    '',
    ' 5 ',
    '5, 5',
  ],
  [KEY_HEADER]: ['', 'user 1', 'x'.repeat(5000), 'ä', '__proto__'],
  Authorization: [
    '',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Basic eDp5',
    `Bearer ${'x'.repeat(5000)}`,
    'bearer  le_infer-key-of-the-tests',
  ],
  'X-API-Key': ['', 'le_admin-key-of-the-tests', 'x'.repeat(5000), 'ä'],
  Origin: ['null', 'https://example.com', 'https://example.com\t'],
  'Access-Control-Request-Method': ['POST', 'x'],
  Expect: ['200-ok'],
  Range: ['bytes=0-1'],
  'If-None-Match': ['*'],
  'X-HTTP-Method-Override': ['DELETE'],
  'X-Forwarded-For': ['127.0.0.1'],
  'CF-Connecting-IP': ['127.0.0.1', '::1', 'x', '1:2:3:4:5:6:7:8:9::'],
  'X-Request-Id': ['1'],
  Cookie: ['a=b'],
};

const header: fc.Arbitrary<Mutation> = fc
  .constantFrom(...Object.entries(HEADERS))
  .chain(([name, values]) => fc.constantFrom(...values.map((value) => [name, value] as const)))
  .map(([name, value]) => (request) => {
    const others = Object.entries(request.headers).filter(([other]) => other !== name);
    return { ...request, headers: { ...Object.fromEntries(others), [name]: latin1(value, HEADER) } };
  });

const withoutHeader: fc.Arbitrary<Mutation> = fc.nat(3).map((at) => (request) => {
  const names = Object.keys(request.headers);
  const others = Object.entries(request.headers).filter(([name]) => name !== names[at % names.length]);
  return { ...request, headers: Object.fromEntries(others) };
});

const method: fc.Arbitrary<Mutation> = fc.constantFrom(...METHODS).map((name) => (request) => {
  if (name !== 'GET' && name !== 'HEAD') return { ...request, method: name };
  const { body: _, ...others } = request;
  return { ...others, method: name };
});

const SEGMENTS = [
  '..',
  '.',
  '',
  '%2e%2e',
  '%2f',
  '%00',
  '%',
  '%zz',
  '%E0%A4%A',
  '%ff',
  '%C3%A4',
  'ä',
  '@',
  '.decoder',
  '@canary',
  '@production',
  '@0123456789ab',
  ';a=b',
  '__proto__',
  'constructor',
  'x'.repeat(3000),
  '*',
  ':model',
  '\'"<>',
  '\\',
  '#',
  '~',
  '{}',
  '%0d%0aX-A:b',
  '%25',
  '%2561',
];

/** One place of the path is followed, or replaced, by something else. */
const path: fc.Arbitrary<Mutation> = fc
  .record({
    at: fc.nat(300),
    by: fc.constantFrom(...SEGMENTS),
    how: fc.constantFrom('segment', 'behind', 'insert', 'encode'),
  })
  .map(({ at, by, how }) => (request) => {
    const [route = '', ...query] = request.path.split('?');
    const segments = route.split('/');
    const place = 1 + (at % Math.max(1, segments.length - 1));
    const position = 1 + (at % route.length);
    const changed = {
      segment: () => segments.with(Math.min(place, segments.length - 1), by).join('/'),
      behind: () =>
        `${segments.slice(0, place + 1).join('/')}${by}${segments
          .slice(place + 1)
          .map((each) => `/${each}`)
          .join('')}`,
      insert: () => route.slice(0, position) + by + route.slice(position),
      encode: () =>
        `${route.slice(0, position)}${percent(route.charCodeAt(position))}${route.slice(position + 1)}`,
    }[how as 'segment']();
    return { ...request, path: [latin1(changed, PATH).replace(/^(?!\/)/, '/'), ...query].join('?') };
  });

const PARAMETERS = ['include', 'dims', 'top', 'threshold', '__proto__', 'constructor', 'toString', 'x', ''];
const VALUES = [
  '',
  '1',
  '2',
  '3',
  '-1',
  '1e9',
  'NaN',
  'Infinity',
  '-0',
  '%',
  '%ff',
  '0x2',
  ' 2',
  '+2',
  'log_variance',
  '1e400',
  '2&dims=3',
  'x'.repeat(2000),
];

const query: fc.Arbitrary<Mutation> = fc
  .tuple(fc.constantFrom(...PARAMETERS), fc.constantFrom(...VALUES))
  .map(([name, value]) => (request) => {
    const parameter = `${name}=${value.replaceAll(' ', '%20')}`;
    return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${parameter}` };
  });

/** The bytes of a body are cut, changed or added to. */
const bytes: fc.Arbitrary<Mutation> = fc
  .record({
    at: fc.nat(2000),
    how: fc.constantFrom('cut', 'drop', 'insert', 'change', 'mark', 'append'),
    by: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  })
  .map(({ at, how, by }) => (request) => {
    const body = Buffer.from(request.body ?? '');
    const position = at % (body.length + 1);
    const [before, after] = [body.subarray(0, position), body.subarray(position)];
    const changed = {
      cut: () => before,
      drop: () => Buffer.concat([before, after.subarray(by.length)]),
      insert: () => Buffer.concat([before, by, after]),
      change: () => Buffer.concat([before, by, after.subarray(by.length)]),
      mark: () => Buffer.concat([Buffer.from('\ufeff'), body]),
      append: () => Buffer.concat([body, by]),
    }[how as 'cut']();
    return {
      ...withBody(request.method),
      body: new Uint8Array(changed),
      path: request.path,
      headers: request.headers,
    };
  });

/** More than is allowed: of bytes, or of rows. */
const large: fc.Arbitrary<Mutation> = fc.constantFrom(200, 6000, 20_000).map((length) => (request) => {
  const { method: name } = withBody(request.method);
  return { ...request, method: name, body: new Uint8Array(length) };
});

const chunked: fc.Arbitrary<Mutation> = fc.constant((request: SentRequest) =>
  request.body === undefined
    ? request
    : { ...request, headers: { ...request.headers, 'Transfer-Encoding': 'chunked' } },
);

export const MUTATIONS: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: header, weight: 4 },
  withoutHeader,
  method,
  { arbitrary: path, weight: 3 },
  query,
  { arbitrary: bytes, weight: 4 },
  large,
  chunked,
);

/** What has a body is no GET: between client and Worker, such bodies get lost. */
function withBody(name: string): { method: string } {
  return { method: name === 'GET' || name === 'HEAD' ? 'POST' : name };
}

/** What is no character of a request line, or of a header's value: HTTP clients, and workerd, let none of it through. */
const PATH = /[^\x21-\x7e\x80-\xff]/g;
const HEADER = /[^\t\x20-\x7e\x80-\xff]/g;

/** Text as the bytes of its UTF-8, each of them a character. */
function latin1(text: string, refused: RegExp): string {
  return Buffer.from(text).toString('latin1').replace(refused, '');
}

function percent(code: number): string {
  return Number.isNaN(code) ? '%2f' : `%${code.toString(16).padStart(2, '0')}`;
}
