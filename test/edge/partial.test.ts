/** Rows that cannot be answered, among others that can: in every form of a request and of an answer. */
import { describe, expect, test } from 'vitest';
import { MAX_PROBLEMS } from '../../edge/requests/rows/faults.ts';
import { MAX_UNSEEN } from '../../edge/requests/rows/unseen.ts';
import { AdminStats } from '../../shared/adminApi.ts';
import { Problem } from '../../shared/api.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, FEATURES } from '../support/artifacts/linearArtifact.ts';
import { API_KEYS, withKey } from '../support/edge/apiKeys.ts';
import { asFloat32 } from '../support/edge/asFloat32.ts';
import { BINARY_TYPE, edgeWorker, expectProblem, readRows } from '../support/edge/edgeWorker.ts';
import { binaryInputs, readAnswer } from '../support/edge/inferMessages.ts';
import { exampleRows, ROWS_CASES, type RowsOperationName } from '../support/edge/operationCases.ts';
import { metricsOf } from '../support/edge/prometheus.ts';

const NDJSON_TYPE = 'application/x-ndjson';
const ENCODE = '/v1/models/linear/encode';
const INFER = '/v2/models/linear/infer';
const MAX_ROWS = 300;
const worker = edgeWorker({ MAX_ROWS: `${MAX_ROWS}` });
const guarded = edgeWorker({ API_KEYS });

const rows = exampleRows(8, FEATURES);
const codes = expectedCodes(rows, NEW_SCALE);
/** Valid, but more than the model can compute with. */
const HUGE = new Array<number>(FEATURES).fill(3e38);

/** What is sent in place of some rows, and the problem of each. */
const WRONG: Record<number, [row: unknown, slug: string, members: object]> = {
  0: [rows[0]!.slice(1), 'wrong-shape', { row: 0, received: '5' }],
  2: [[1, 2, 'three', 4, 5, 6], 'invalid-number', { row: 2, column: 2, feature: 'c' }],
  3: [{ a: 1, z: 2 }, 'unknown-feature', { row: 3, received: 'z' }],
  5: [[1, 2, 3, 4, 5, null], 'missing-feature', { row: 5, column: 5 }],
  7: [HUGE, 'result-not-finite', { row: 7 }],
};
const mixed = rows.map((row, r) => WRONG[r]?.[0] ?? row);
const answered = codes.map((code, r) => (r in WRONG ? null : code));
const unanswered = Object.keys(WRONG).map(Number);

function expectProblems(problems: readonly unknown[]): void {
  for (const [i, row] of unanswered.entries()) {
    const problem = Problem.parse(problems[i]);
    const [, slug, members] = WRONG[row]!;
    expect(problem).toMatchObject(members);
    expect(new URL(problem.type).pathname).toBe(`/problems/${slug}`);
  }
  expect(problems).toHaveLength(unanswered.length);
}

describe('JSON', () => {
  test('has null in place of each, and its problem', async () => {
    const response = await worker.post(ENCODE, { rows: mixed });
    expect([response.status, response.headers.get('X-Unanswered-Rows')]).toEqual([200, '5']);
    const { problems, ...body } = (await response.json()) as { problems: unknown[] };
    expect(body).toMatchObject({ model: 'linear', codes: answered });
    expectProblems(problems);
  });

  test('has neither where all rows are answered', async () => {
    const response = await worker.post(ENCODE, { rows });
    expect(response.headers.get('X-Unanswered-Rows')).toBeNull();
    expect(await response.json()).not.toHaveProperty('problems');
  });

  test.each(Object.keys(ROWS_CASES) as RowsOperationName[])('of %s', async (name) => {
    const { sends, inputWidth, body } = ROWS_CASES[name];
    const sent = exampleRows(4, inputWidth);
    const path = `/v1/models/linear/${name}`;
    const whole = await (await worker.post(path, { [sends]: sent })).json();
    const response = await worker.post(path, { [sends]: [sent[0], [], sent[2], sent[3]] });
    expect(response.status).toBe(200);
    const { problems, ...rest } = (await response.json()) as { problems: object[] };
    expect(problems).toMatchObject([{ row: 1 }]);
    const expected = asFloat32(whole) as Record<string, unknown>;
    for (const [member, value] of Object.entries(body(sent)))
      if (Array.isArray(value)) (expected[member] as unknown[])[1] = null;
    expect(asFloat32(rest)).toEqual(expected);
  });

  test('of variances too, and of codes whose label is wrong', async () => {
    const path = '/v1/models/conditional/encode?include=log_variance';
    const variances = await (await worker.post(path, { rows: mixed.slice(0, 2) })).json();
    expect(variances).toMatchObject({ codes: [null, [expect.any(Number), expect.any(Number)]] });
    expect(variances).toMatchObject({ log_variances: [null, expect.any(Array)], problems: [{ row: 0 }] });
    const labelled = { codes: exampleRows(3, 2), labels: ['red', 'pink', 'blue'] };
    const decoded = await (await worker.post('/v1/models/conditional/decode', labelled)).json();
    expect(decoded).toMatchObject({ rows: [expect.any(Array), null, expect.any(Array)] });
    expect(decoded).toMatchObject({ problems: [{ row: 1, received: 'pink' }] });
  });

  test('of tables with categories', async () => {
    const person = { height: 1.5, member: true, city: 'Rome' };
    const sent = [{ ...person, height: 'tall' }, person, { ...person, height: null }, { ...person, city: 7 }];
    const response = await worker.post('/v1/models/columns/encode', { rows: sent });
    expect(await response.json()).toMatchObject({
      codes: [null, [190, 13], null, null],
      problems: [{ feature: 'height' }, { feature: 'height' }, { feature: 'city' }],
    });
  });
});

describe('rows of which none can be answered', () => {
  test('are refused with the problem of the first', async () => {
    const problem = await expectProblem(await worker.post(ENCODE, { rows: [[], [1], null] }), 'wrong-shape');
    expect(problem).toMatchObject({ row: 0, received: '0' });
    await expectProblem(await worker.post(ENCODE, { rows: [HUGE, HUGE] }), 'result-not-finite');
    await expectProblem(await worker.post(ENCODE, { rows: [[], HUGE] }), 'wrong-shape');
    await expectProblem(await worker.postBinary(ENCODE, [HUGE, HUGE]), 'result-not-finite');
    await expectProblem(
      await worker.post(ENCODE, { rows: [HUGE, HUGE] }, { Accept: NDJSON_TYPE }),
      'result-not-finite',
    );
  });
});

test('float32 answers are NaN there, and only there', async () => {
  const sent = rows.with(1, [1, 2, 3, Number.NaN, 5, 6]).with(4, HUGE);
  const expected = codes.with(1, [Number.NaN, Number.NaN]).with(4, [Number.NaN, Number.NaN]);
  const response = await worker.postBinary(ENCODE, sent);
  expect([response.status, response.headers.get('X-Unanswered-Rows')]).toEqual([200, '2']);
  expect(await readRows(response, 2)).toEqual(expected);
  const ofJson = await worker.post(ENCODE, { rows: rows.with(4, HUGE) }, { Accept: BINARY_TYPE });
  expect(await readRows(ofJson, 2)).toEqual(codes.with(4, [Number.NaN, Number.NaN]));
});

describe('answers in pieces', () => {
  const many = exampleRows(MAX_ROWS + 500, FEATURES);
  const wrong = [0, 1, ...Array.from({ length: 90 }, (_, i) => 150 + i), 700, 799];
  const sent = many.map((row, r) => (wrong.includes(r) ? (r === 700 ? HUGE : []) : row));
  const expected = expectedCodes(many, NEW_SCALE).map((code, r) => (wrong.includes(r) ? null : code));
  const rowsOf = (problems: readonly Problem[] = []) => problems.map(({ row }) => row);

  test('as one document', async () => {
    const response = await worker.post(ENCODE, { rows: sent });
    const body = (await response.json()) as { codes: unknown; problems: Problem[] };
    expect(body.codes).toEqual(expected);
    expect(rowsOf(body.problems)).toEqual(wrong);
  });

  test('as NDJSON, where each line has its own problems; also lines without any answer', async () => {
    const response = await worker.post(ENCODE, { rows: sent }, { Accept: NDJSON_TYPE });
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { codes: unknown[]; problems?: Problem[] });
    expect(lines.flatMap((line) => line.codes)).toEqual(expected);
    expect(lines.flatMap((line) => rowsOf(line.problems))).toEqual(wrong);
    expect(lines.filter((line) => line.codes.every((code) => code === null))).toHaveLength(1);
  });

  test('as float32', async () => {
    const values = many.with(5, HUGE).with(750, [Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0]);
    const nan = [Number.NaN, Number.NaN];
    const answer = await readRows(await worker.postBinary(ENCODE, values), 2);
    expect(answer).toEqual(expectedCodes(many, NEW_SCALE).with(5, nan).with(750, nan));
  });

  test('list so many problems and no more', async () => {
    const one = [...new Array(MAX_PROBLEMS + 10).fill([]), rows[0]];
    const response = await worker.post(ENCODE, { rows: one });
    const body = (await response.json()) as { codes: unknown[]; problems: Problem[] };
    expect(rowsOf(body.problems)).toEqual(Array.from({ length: MAX_PROBLEMS }, (_, row) => row));
    expect(body.codes.slice(0, -1).every((code) => code === null)).toBe(true);
    expect(body.codes.at(-1)).toEqual(codes[0]);
  });
});

describe('the inference protocol', () => {
  const input = (data: readonly (number | null)[]) => {
    return { name: 'rows', datatype: 'FP32', shape: [data.length / FEATURES, FEATURES], data };
  };
  const values = [...rows[0]!, 1, 2, 3, 4, 5, Number.NaN, ...rows[2]!, ...HUGE];
  const expected = [...codes[0]!, Number.NaN, Number.NaN, ...codes[2]!, Number.NaN, Number.NaN];
  const parameters = { unanswered_rows: 2, unanswered_reason: expect.stringMatching(/element \[1, 5\]/) };

  test('answers NaN in bytes', async () => {
    const sent = binaryInputs([{ ...input([]), shape: [4, FEATURES], data: values }], {
      parameters: { binary_data_output: true },
    });
    const response = await worker.request(INFER, sent);
    expect(response.headers.get('X-Unanswered-Rows')).toBe('2');
    const { json, outputs } = await readAnswer(response);
    expect(json.parameters).toEqual(parameters);
    expect(outputs[0]!.data).toEqual(expected);
  });

  test('answers null in JSON', async () => {
    const data = values.map((value) => (Number.isNaN(value) ? null : value));
    const response = await worker.post(INFER, { inputs: [input(data)] });
    expect(await response.json()).toMatchObject({
      parameters,
      outputs: [{ data: expected.map((value) => (Number.isNaN(value) ? null : value)) }],
    });
  });

  test('refuses what has no row that can be answered', async () => {
    const response = await worker.post(INFER, { inputs: [input(HUGE)] });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining('row 0 is not finite') });
  });
});

test('rows without an answer are counted, and are no drift', async () => {
  const far = [...new Array(15).fill([]), new Array(FEATURES).fill(0)];
  await guarded.post('/v1/models/encode-only/encode', { rows: far }, withKey('infer'));
  const response = await guarded.request('/metrics', { headers: withKey('admin') });
  const { samples } = metricsOf(await response.text());
  const sampled = (name: string) => {
    const [first] = [...samples].filter(([key]) => key.startsWith(`latentedge_${name}{model="encode-only"`));
    return first![1];
  };
  expect(['rows_total', 'unanswered_rows_total', 'drift_rows'].map(sampled)).toEqual([16, 15, 1]);
  await expect.poll(() => guarded.logs.join('\n')).toContain('"rows":16,"unanswered":15');
});

test('categories that training did not see are counted, and said', async () => {
  const path = '/v1/models/columns/encode';
  const person = { height: 1.5, member: true };
  const send = async (cities: readonly (string | null)[]) => {
    const response = await guarded.post(
      path,
      { rows: cities.map((city) => ({ ...person, city })) },
      withKey('infer'),
    );
    expect(response.status).toBe(200);
    await response.text();
    return response.headers.get('X-Unseen-Categories');
  };
  expect(await send(['Rome', 'Paris', null])).toBeNull();
  expect(await send(['Rome', 'Oslo', 'rome', null, 'Berlin'])).toBe('2');
  const infer = await guarded.post(
    '/v2/models/columns/infer',
    {
      inputs: [
        { name: 'age', datatype: 'FP32', shape: [1, 1], data: [30] },
        { name: 'city', datatype: 'BYTES', shape: [1, 1], data: ['Oslo'] },
        { name: 'height', datatype: 'FP32', shape: [1, 1], data: [1] },
        { name: 'member', datatype: 'FP32', shape: [1, 1], data: [1] },
      ],
    },
    withKey('infer'),
  );
  expect([infer.status, infer.headers.get('X-Unseen-Categories')]).toEqual([200, '1']);
  const { samples } = metricsOf(
    await (await guarded.request('/metrics', { headers: withKey('admin') })).text(),
  );
  const counted = [...samples].filter(([key]) =>
    key.startsWith('latentedge_unseen_categories_total{model="columns"'),
  );
  expect(counted.map(([, value]) => value)).toEqual([2, 1]);
  const stats = await (await guarded.request('/admin/stats', { headers: withKey('admin') })).json();
  const { drift } = AdminStats.parse(stats).models.find(({ name }) => name === 'columns')!;
  expect(drift.categories).toEqual([{ feature: 'city', unseen: 3 / 9 }]);
  expect(guarded.logs.join('\n')).not.toContain('Oslo');
});

describe('categories that training did not see are named', () => {
  const person = (city: string | null, height: number | null = 1.5) => ({ city, height, member: true });
  const unseenIn = async (path: string, body: object) =>
    ((await (await worker.post(path, body)).json()) as { unseen?: unknown }).unseen;

  test.each(['encode', 'score'])(
    'by %s, in the order of the rows; of answered rows only',
    async (operation) => {
      const path = `/v1/models/columns/${operation}`;
      const cities = ['Rome', 'Oslo', null, 'rome'].map((city) => person(city));
      expect(await unseenIn(path, { rows: [...cities, person('Bonn', null)] })).toEqual([
        { row: 1, feature: 'city', value: 'Oslo' },
        { row: 3, feature: 'city', value: 'rome' },
      ]);
      expect(await unseenIn(path, { rows: [person('Rome'), person(null)] })).toBeUndefined();
    },
  );

  test('by operations on a whole body', async () => {
    const body = { rows: [person('Rome'), person('Oslo')], steps: 2 };
    const response = await worker.post('/v1/models/columns/interpolate', body);
    expect(response.headers.get('X-Unseen-Categories')).toBe('1');
    expect(await response.json()).toMatchObject({ unseen: [{ row: 1, feature: 'city', value: 'Oslo' }] });
  });

  test('in pieces, by the piece that answers the row', async () => {
    const sent = Array.from({ length: 700 }, (_, row) => person(row === 3 || row === 690 ? 'Oslo' : 'Rome'));
    const response = await worker.post('/v1/models/columns/encode', { rows: sent }, { Accept: NDJSON_TYPE });
    const lines = (await response.text()).trimEnd().split('\n');
    const named = lines.map((line) => (JSON.parse(line) as { unseen?: { row: number }[] }).unseen);
    expect(named.at(0)).toMatchObject([{ row: 3 }]);
    expect(named.at(-1)).toMatchObject([{ row: 690 }]);
    expect(named.slice(1, -1).every((each) => each === undefined)).toBe(true);
  });

  test('of all pieces in one document, up to the limit', async () => {
    const sent = Array.from({ length: 2 * MAX_UNSEEN }, (_, row) => person(row % 3 === 1 ? 'Rome' : 'Oslo'));
    const response = await worker.post('/v1/models/columns/encode', { rows: sent });
    const { unseen, codes } = (await response.json()) as { unseen: { row: number }[]; codes: unknown[] };
    expect(codes).toHaveLength(sent.length);
    const rows = sent.flatMap(({ city }, row) => (city === 'Oslo' ? [row] : [])).slice(0, MAX_UNSEEN);
    expect(unseen.map(({ row }) => row)).toEqual(rows);
  });
});
