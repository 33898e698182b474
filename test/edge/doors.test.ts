/**
 * Every operation gives the same bits over HTTP as JSON and as float32, from an open model, and from another
 * Worker.
 */
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { LatentedgeService, OpenModel } from '../../edge/library.ts';
import { OPERATIONS } from '../../edge/operations/registry.ts';
import { type EmbeddedWorkers, embeddedWorkers } from '../support/edge/embeddedWorkers.ts';
import {
  BODY_CASES,
  type BodyOperationName,
  exampleRows,
  ROWS_CASES,
  type RowsOperationName,
} from '../support/edge/operationCases.ts';

interface Person {
  readonly height: number;
  readonly city?: string;
}

const workers = embeddedWorkers();
const DOORS = ['call', 'rpc'] as const;

async function json(path: string, body: unknown): Promise<Record<string, unknown>> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await workers.request(`/ml${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

async function float32(path: string, type: string, body: BodyInit): Promise<number[]> {
  const headers = { 'Content-Type': type, Accept: 'application/octet-stream' };
  const response = await workers.request(`/ml${path}`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  return [...new Float32Array(await response.arrayBuffer())];
}

/** The answer of a call as HTTP's JSON has it. */
function asJson(answer: Awaited<ReturnType<EmbeddedWorkers['call']>>, each?: string): object {
  if ('list' in answer) return { ...answer.rest, [each!]: answer.list };
  if ('body' in answer) return answer.body;
  return answer;
}

describe.each(Object.keys(ROWS_CASES) as RowsOperationName[])('%s', (name) => {
  const { sends, inputWidth, outputWidth } = ROWS_CASES[name];
  const { each } = OPERATIONS[name];
  const rows = exampleRows(5, inputWidth, 3).map((row) => row.map((value) => Math.fround(value / 3)));
  const path = `/v1/models/linear/${name}`;

  test('lists', async () => {
    const expected = await json(path, { [sends]: rows });
    expect(expected[each]).toHaveLength(rows.length);
    for (const door of DOORS)
      expect(asJson(await workers.call(door, { name, model: 'linear', input: rows }), each)).toEqual(
        expected,
      );
  });

  test('float32 values', async () => {
    const bytes = new Float32Array(rows.flat());
    const expected = await float32(path, 'application/octet-stream', bytes);
    expect(expected).toHaveLength(rows.length * outputWidth);
    expect(await float32(path, 'application/json', JSON.stringify({ [sends]: rows }))).toEqual(expected);
    for (const door of DOORS) {
      for (const floats of [true, inputWidth])
        expect(await workers.call(door, { name, model: 'linear', input: rows, floats })).toEqual({
          floats: expected,
        });
    }
  });
});

describe.each(Object.keys(BODY_CASES) as BodyOperationName[])('%s', (name) => {
  test.each(BODY_CASES[name].map(([what, model, body]) => [what, model, body] as const))(
    '%s',
    async (_, model, body) => {
      const expected = await json(`/v1/models/${model}/${name}`, body);
      for (const door of DOORS)
        expect(asJson(await workers.call(door, { name, model, input: body }))).toEqual(expected);
    },
  );
});

test('only a list of several rows has null for some, and only if it has problems', async () => {
  const types = async (model: OpenModel, service: LatentedgeService, rows: number[][]) => {
    const [score] = await model.score([[1, 2]], { top: 1 });
    expectTypeOf(score.isAnomaly).toEqualTypeOf<boolean | null>();
    const codes = await service.encode('linear', rows);
    expectTypeOf(codes[0]).toEqualTypeOf<number[] | null | undefined>();
    if (codes.problems === undefined) expectTypeOf(codes[0]).toEqualTypeOf<number[] | undefined>();
    expectTypeOf(codes.version).toEqualTypeOf<string>();
    await model.decode([[1, 2]]);
    await model.score(rows as readonly (readonly number[])[]);
    await model.score([{ height: 1.8, city: null }, { height: 1 }]);
    await model.score([] as Person[]);
    // @ts-expect-error: no values
    await model.score([{ height: new Date() }]);
    // @ts-expect-error: no rows
    await model.score([1, 2]);
    // @ts-expect-error: no codes
    await model.decode([{ height: 1 }]);
  };
  expect(types).toBeTypeOf('function');
  const row = [1, 2, 3, 4, 5, 6];
  for (const door of DOORS) {
    const call = { name: 'encode', model: 'linear' } as const;
    expect(await workers.call(door, { ...call, input: [row, [1]] })).toMatchObject({
      list: [[expect.any(Number), expect.any(Number)], null],
      rest: { problems: [{ row: 1, slug: 'wrong-shape' }] },
    });
    expect(await workers.call(door, { ...call, input: [[1]] })).toMatchObject({
      problem: { read: { slug: 'wrong-shape' } },
    });
  }
});

test('rows by feature name, and options of the query and of the body', async () => {
  const people = [
    { height: 1.8, member: true, city: 'Rome' },
    { age: null, height: 1.7, member: false },
  ];
  const rows = exampleRows(2, 6);
  const codes = exampleRows(2, 2);
  const expected = [
    await json('/v1/models/columns/encode', { rows: people }),
    await json('/v1/models/linear/score?threshold=1&top=1', { rows }),
    await json('/v1/models/conditional/decode', { codes, labels: ['red', 1] }),
    await json('/v1/models/conditional/encode?include=log_variance', { rows }),
  ];
  for (const door of DOORS) {
    const answers = [
      asJson(await workers.call(door, { name: 'encode', model: 'columns', input: people }), 'codes'),
      asJson(
        await workers.call(door, {
          ...{ name: 'score', model: 'linear', input: rows, options: { threshold: 1, top: 1 } },
        }),
        'scores',
      ),
      asJson(
        await workers.call(door, {
          ...{ name: 'decode', model: 'conditional', input: codes, options: { labels: ['red', 1] } },
        }),
        'rows',
      ),
      asJson(
        await workers.call(door, {
          ...{ name: 'encode', model: 'conditional', input: rows, options: { include: 'log_variance' } },
        }),
        'codes',
      ),
    ];
    expect(answers).toEqual(expected);
  }
});

test('more float32 rows than one answer holds are answered, up to a limit', async () => {
  const rows = exampleRows(301, 6);
  const expected = await float32(
    '/v1/models/linear/encode',
    'application/octet-stream',
    new Float32Array(rows.flat()),
  );
  for (const door of DOORS) {
    const call = { name: 'encode', model: 'linear' } as const;
    expect(await workers.call(door, { ...call, input: rows, floats: true })).toEqual({ floats: expected });
    for (const [input, floats] of [
      [rows, false],
      [exampleRows(1001, 6), true],
    ] as const)
      expect(await workers.call(door, { ...call, input, floats })).toMatchObject({
        problem: { read: { slug: 'too-many-rows' } },
      });
  }
});

const WRONG: [what: string, sent: Parameters<EmbeddedWorkers['call']>[1], slug: string, detail: RegExp][] = [
  ['model', { name: 'encode', model: 'nope', input: [] }, 'unknown-model', /no model "nope"/],
  [
    'operation',
    { name: 'similar', model: 'encode-only', input: { item: 'a' } },
    'operation-not-offered',
    /encode/,
  ],
  ['input', { name: 'encode', model: 'linear', input: 5 }, 'invalid-body', /rows/],
  ['no input', { name: 'encode', model: 'linear' }, 'invalid-body', /rows/],
  ['no rows', { name: 'encode', model: 'linear', input: [] }, 'empty-batch', /row/],
  ['value', { name: 'encode', model: 'linear', input: [[1, 2, 3, 4, 5, 'six']] }, 'invalid-number', /row 0/],
  ['width', { name: 'encode', model: 'linear', input: [[1, 2, 3]], floats: 3 }, 'wrong-shape', /width of 6/],
  ['length', { name: 'encode', model: 'linear', input: [[1, 2]], floats: true }, 'wrong-shape', /6 float32/],
  ['text', { name: 'encode', model: 'columns', input: [[1, 2]], floats: true }, 'wrong-shape', /categories/],
  ['option', { name: 'score', model: 'linear', input: [[1]], options: { top: -1 } }, 'invalid-query', /top/],
  [
    'unknown option',
    { name: 'score', model: 'linear', input: [[1]], options: { tops: 1 } },
    'invalid-body',
    /tops/,
  ],
];

test.each(WRONG)('a wrong %s is an error with slug and detail', async (_, sent, slug, detail) => {
  for (const door of DOORS) {
    const answer = await workers.call(door, sent);
    expect(answer).toMatchObject({
      problem: { name: 'ProblemError', slug, detail: expect.stringMatching(detail) },
    });
    expect(answer).toMatchObject({ problem: { read: { slug, detail: expect.stringMatching(detail) } } });
  }
});

test('rows without an answer are null in lists, with their problems, and NaN among values', async () => {
  const huge = new Array(6).fill(3e38);
  const rows = exampleRows(4, 6);
  const mixed = [rows[0], [1, 2], rows[2], huge];
  const { problems, ...expected } = await json('/v1/models/linear/encode', { rows: mixed });
  expect(expected).toMatchObject({ codes: [expect.any(Array), null, expect.any(Array), null] });
  for (const door of DOORS) {
    const call = { name: 'encode', model: 'linear' } as const;
    const { problems: told, ...rest } = asJson(
      await workers.call(door, { ...call, input: mixed }),
      'codes',
    ) as {
      problems: object[];
    };
    expect(rest).toEqual(expected);
    // A slug takes the place of the address.
    const named = (problems as { type: string }[]).map(({ type, ...members }) => {
      return { slug: type.split('/').at(-1), ...members };
    });
    expect(told).toEqual(named);
    const values = await workers.call(door, { ...call, input: [rows[0]!, huge], floats: true });
    // JSON has null for NaN.
    expect(values).toEqual({ floats: [...(expected.codes as number[][])[0]!, null, null] });
    for (const floats of [true, false])
      expect(await workers.call(door, { ...call, input: [huge, huge], floats })).toMatchObject({
        problem: { slug: 'result-not-finite', detail: expect.stringContaining('row 0') },
      });
  }
});

test('an error of ours crosses without its cause, which is logged', async () => {
  const rows = exampleRows(2, 6);
  const answer = await workers.call('rpc', { name: 'encode', model: 'faulty', input: rows });
  expect(answer).toMatchObject({ problem: { slug: 'internal-error' } });
  expect(JSON.stringify(answer)).not.toContain('OrtRun');
  await expect.poll(() => workers.logs.join('\n')).toContain('OrtRun');
});

test('calls are counted, logged and watched for drift as requests are', async () => {
  const input = [new Array(6).fill(100)];
  const counted = async () => {
    const stats = await workers.request('/tenants/a/ml/admin/stats', { headers: { 'X-User': 'root' } });
    const { models } = (await stats.json()) as {
      models: { name: string; requests: number; drift: object }[];
    };
    return models.find(({ name }) => name === 'encode-only')!;
  };
  const { requests } = await counted();
  for (const door of DOORS) await workers.call(door, { name: 'encode', model: 'encode-only', input });
  await json('/v1/models/encode-only/encode', { rows: input });
  expect(await counted()).toMatchObject({ requests: requests + 3, drift: { rows: 3, score: 1 } });
  const methods = () => {
    const lines = workers.logs.map((line) => JSON.parse(line));
    const own = lines.filter(({ model, status }) => model === 'encode-only' && status === 200);
    return own.map(({ method }) => method).toSorted();
  };
  await expect.poll(methods).toEqual(['CALL', 'POST', 'RPC']);
});
