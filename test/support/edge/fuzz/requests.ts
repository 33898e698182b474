/** Requests to every route: such as are answered, and what can be done to them. */
import * as fc from 'fast-check';
import { PROBLEMS } from '../../../../edge/problems.ts';
import { type GraphName, type Manifest, OperationName } from '../../../../shared/manifest.ts';
import { KEYS } from '../apiKeys.ts';
import { binaryInputs } from '../inferMessages.ts';
import type { SentRequest } from '../sender.ts';
import { graphsOf, inferInputs, operationBody, queryOf } from './bodies.ts';
import { MUTATIONS } from './mutations.ts';
import { jsonText, type Spoil, spoil } from './values.ts';

/** A request whose JSON can still be spoilt; `behind` follows it. */
interface Draft {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
}

const ACCEPT = [
  '*/*',
  'application/json',
  'application/octet-stream',
  'application/x-ndjson',
  'text/html',
  'application/*;q=0.1, */*;q=0',
];
const accept = fc.oneof(
  { arbitrary: fc.constant<Record<string, string>>({}), weight: 4 },
  fc.constantFrom(...ACCEPT.slice(0, 4)).map((Accept) => ({ Accept })),
);
const key = fc.oneof(
  { arbitrary: fc.constant<keyof typeof KEYS>('both'), weight: 30 },
  fc.constantFrom(...(Object.keys(KEYS) as (keyof typeof KEYS)[])),
);

function operation(manifest: Manifest): fc.Arbitrary<Draft> {
  const { name, version, operations } = manifest;
  const offered = fc.oneof(
    { arbitrary: fc.constantFrom(...operations), weight: 20 },
    fc.constantFrom(...OperationName.options),
  );
  return offered.chain((each) =>
    fc
      .tuple(
        operationBody(manifest, each),
        queryOf(each),
        accept,
        fc.constantFrom(name, name, `${name}@${version}`),
      )
      .map(([body, query, headers, reference]): Draft => {
        const sent = { method: 'POST', path: `/v1/models/${reference}/${each}${query}` };
        return 'json' in body
          ? { ...sent, headers: { 'Content-Type': 'application/json', ...headers }, json: body.json }
          : { ...sent, headers: { 'Content-Type': body.type, ...headers }, bytes: body.bytes };
      }),
  );
}

function infer(manifest: Manifest): fc.Arbitrary<Draft> {
  const { name, version } = manifest;
  const others = fc.record(
    {
      id: fc.constantFrom('1', '', 'x'.repeat(300)),
      parameters: fc.record({ binary_data_output: fc.boolean() }),
    },
    { requiredKeys: [] },
  );
  const path = (graph: GraphName, isPinned: boolean) =>
    `/v2/models/${graph === 'encoder' ? name : `${name}.${graph}`}${isPinned ? `/versions/${version}` : ''}/infer`;
  return fc.constantFrom(...graphsOf(manifest)).chain((graph) =>
    fc
      .tuple(inferInputs(manifest, graph), others, fc.boolean(), fc.boolean())
      .map(([[inputs, wanted], members, isPinned, isBinary]): Draft => {
        const outputs = wanted.length === 0 ? {} : { outputs: wanted.map((output) => ({ name: output })) };
        const sent = { method: 'POST', path: path(graph, isPinned) };
        if (!isBinary) return { ...sent, headers: {}, json: { inputs, ...outputs, ...members } };
        const { headers, body } = binaryInputs(inputs, { ...outputs, ...members });
        return { ...sent, headers, bytes: new Uint8Array(body) };
      }),
  );
}

/** Labels, as one or as a list. */
const label = fc.record(
  {
    request_id: fc.uuid(),
    row: fc.nat(),
    label: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean()),
  },
  { requiredKeys: ['request_id', 'label'] },
);
const labels = fc.oneof(label, fc.array(label, { maxLength: 4 })).map((json): Draft => {
  return { method: 'POST', path: '/v1/feedback', headers: { 'Content-Type': 'application/json' }, json };
});

/** Addresses that need no body. */
function plain(manifests: readonly Manifest[]): fc.Arbitrary<Draft> {
  const ofModel = ({ name, version }: Manifest): string[] => [
    ...[`GET /v1/models/${name}`, `GET /v1/models/${name}@${version}`],
    ...[`GET /v2/models/${name}`, `GET /v2/models/${name}.decoder/versions/${version}`],
    ...['ready', 'config', 'stats'].flatMap((what) => [
      `GET /v2/models/${name}/${what}`,
      `GET /v2/models/${name}/versions/${version}/${what}`,
    ]),
  ];
  const addresses = [
    ...[
      'GET /health',
      'GET /v1/models',
      'GET /openapi.json',
      'GET /docs',
      'GET /docs/page.css',
      'GET /docs/main.page.js',
    ],
    ...[
      'GET /v2',
      'GET /v2/health/live',
      'GET /v2/health/ready',
      'POST /v2/repository/index',
      'GET /v2/models/stats',
    ],
    ...['GET /metrics', 'GET /admin/stats', 'POST /admin/reload', 'GET /', 'GET /v1', 'GET /favicon.ico'],
    ...['GET /docs/../admin/stats', 'GET /docs/..%2fadmin/stats', 'GET /%61dmin/stats', 'GET //admin/stats'],
    ...[
      'GET /health/../metrics',
      'GET /v1/models/..%2f..%2fadmin',
      'GET /v1/models/linear@..%2F..',
      'GET /metrics/',
    ],
    ...Object.keys(PROBLEMS).map((slug) => `GET /problems/${slug}`),
  ];
  return fc
    .oneof(fc.constantFrom(...addresses), fc.constantFrom(...manifests.flatMap(ofModel)))
    .map((address): Draft => {
      const [method, path] = address.split(' ') as [string, string];
      return { method, path, headers: {} };
    });
}

/** Any request; of those to models, about a half are such as the models answer. */
export function anyRequest(manifests: readonly Manifest[]): fc.Arbitrary<SentRequest> {
  const manifest = fc.constantFrom(...manifests);
  const draft = fc.oneof(
    { arbitrary: manifest.chain(operation), weight: 6 },
    { arbitrary: manifest.chain(infer), weight: 3 },
    { arbitrary: plain(manifests), weight: 1 },
    { arbitrary: labels, weight: 1 },
  );
  const spoils = fc.oneof(
    { arbitrary: fc.constant<Spoil[]>([]), weight: 2 },
    { arbitrary: fc.array(spoil, { minLength: 1, maxLength: 2 }), weight: 1 },
  );
  const mutations = fc.oneof(
    { arbitrary: fc.constant<((request: SentRequest) => SentRequest)[]>([]), weight: 2 },
    { arbitrary: fc.array(MUTATIONS, { minLength: 1, maxLength: 2 }), weight: 1 },
  );
  return fc.tuple(draft, key, spoils, mutations).map(([{ json, bytes, ...sent }, name, changes, applied]) => {
    const body =
      json === undefined ? bytes : jsonText(changes.reduce<unknown>((value, change) => change(value), json));
    const headers = { Authorization: `Bearer ${KEYS[name]}`, ...sent.headers };
    const request: SentRequest = { ...sent, headers, ...(body !== undefined && { body }) };
    return applied.reduce((whole, mutate) => mutate(whole), request);
  });
}
