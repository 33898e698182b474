import { deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../edge/operations/registry.ts';
import { loadDecoder, packImage } from '../../edge/requests/rows/image.ts';
import { layoutOf } from '../../edge/requests/rows/layout.ts';
import { expectedPerson, type Person } from '../support/artifacts/columnsArtifact.ts';
import { NEW_SCALE } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes, linearArtifact } from '../support/artifacts/linearArtifact.ts';
import { BINARY_TYPE, edgeWorker, expectProblem, JSON_TYPE } from '../support/edge/edgeWorker.ts';
import { exampleRows, ROWS_CASES } from '../support/edge/operationCases.ts';
import { pngChunk, pngChunks, pngHeaderChunk } from '../support/edge/pngChunks.ts';

const MAX_ROWS = 300;
const MAX_STREAMED_ROWS = 2000;
const NDJSON_TYPE = 'application/x-ndjson';
const ENCODE = '/v1/models/linear/encode';

const worker = edgeWorker({ MAX_ROWS: `${MAX_ROWS}`, MAX_STREAMED_ROWS: `${MAX_STREAMED_ROWS}` });
const codesOf = async (response: Response) => OPERATIONS.encode.answer.parse(await response.json()).codes;

describe('rows by feature name', () => {
  test('in any order, beside rows that are arrays', async () => {
    const rows = [{ f: 6, b: 2, c: 3, d: 4, e: 5, a: 1 }, exampleRows(1, 6)[0]!];
    const codes = await codesOf(await worker.post(ENCODE, { rows }));
    expect(codes).toEqual(expectedCodes([[1, 2, 3, 4, 5, 6], rows[1] as number[]], NEW_SCALE));
  });

  const PEOPLE: readonly [what: string, person: Person][] = [
    ['whole', { age: 30, city: 'Rome', height: 1.5, member: true }],
    ['without a number', { city: 'Berlin', height: 1.5, member: false }],
    ['without a category', { age: 30, height: 2, member: true }],
    ['with nulls', { age: null, city: null, height: 2, member: true }],
    ['with a city that training did not see', { age: 30, city: 'Oslo', height: 2, member: false }],
  ];

  test.each([true, 1, 'true', 'Yes', false, 0, 'FALSE', 'no'])(
    'true and false are written as in tables: %j',
    async (written) => {
      const person = { age: 30, city: 'Rome', height: 2 };
      const rows = [{ ...person, member: written }];
      const codes = await codesOf(await worker.post('/v1/models/columns/encode', { rows }));
      const member = [true, 1, 'true', 'Yes'].includes(written);
      expect(codes).toEqual([expectedPerson({ ...person, member })]);
    },
  );

  test.each(PEOPLE)('of a table with categories: %s', async (_, person) => {
    const rows = [person, [person.age ?? null, person.city ?? null, person.height, person.member]];
    const codes = await codesOf(await worker.post('/v1/models/columns/encode', { rows }));
    expect(codes).toEqual([expectedPerson(person), expectedPerson(person)]);
  });
});

describe('columns of the training table that are no features', () => {
  const path = '/v1/models/columns/encode';
  const person = { age: 30, city: 'Rome', height: 1.5, member: true };

  test('are ignored, whatever they hold', async () => {
    const body = JSON.stringify({
      rows: [
        { ...person, person_id: 'a-17' },
        { ...person, person_id: [{}] },
      ],
    });
    // A literal would set the prototype.
    const response = await worker.post(path, body.replace('"person_id":"a-17"', '"__proto__":1'));
    expect(await codesOf(response)).toEqual([expectedPerson(person), expectedPerson(person)]);
  });

  test('are not enough, as missing values would be answered like known ones', async () => {
    const response = await worker.post(path, { rows: [{ person_id: 'a-17' }] });
    const { detail } = await expectProblem(response, 'missing-feature');
    expect(detail).toBe('row 0 has no feature of the model; send at least one of its 4, such as "age".');
  });

  test('are described; any other column is unknown', async () => {
    const { features } = (await (await worker.request('/v1/models/columns')).json()) as {
      features: { ignored: string[] };
    };
    expect(features.ignored).toEqual(['person_id', '__proto__']);
    await expectProblem(await worker.post(path, { rows: [{ ...person, order_id: 1 }] }), 'unknown-feature');
    const none = { rows: [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, person_id: 1 }] };
    await expectProblem(await worker.post(ENCODE, none), 'unknown-feature');
  });
});

describe('images', () => {
  const post = (image: Parameters<typeof encode>[0]) =>
    worker.request('/v1/models/images/encode', {
      method: 'POST',
      headers: { 'Content-Type': 'image/png' },
      body: new Uint8Array(encode(image)),
    });
  const size = { width: 3, height: 2 };
  const grey = [0, 51, 102, 153, 204, 255];
  const wanted = (pixels: readonly number[]) => expectedCodes([pixels.map(Math.fround)]);

  test.each([
    ['grey', { channels: 1, data: Uint8Array.from(grey) }],
    ['grey of 16 bits', { channels: 1, depth: 16, data: Uint16Array.from(grey, (value) => value * 257) }],
    ['RGB', { channels: 3, data: Uint8Array.from(grey.flatMap((value) => [value, value, value])) }],
    ['RGBA', { channels: 4, data: Uint8Array.from(grey.flatMap((value) => [value, value, value, 255])) }],
  ] as const)('%s', async (_, image) => {
    const response = await post({ ...size, ...image });
    expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
    const [code] = await codesOf(response);
    for (const [i, value] of wanted(grey.map((pixel) => pixel / 255))[0]!.entries())
      expect(code![i]).toBeCloseTo(value, 5);
  });

  test('what is transparent is black', async () => {
    const data = Uint8Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 200 : 0));
    expect(await codesOf(await post({ ...size, channels: 2, data }))).toEqual(
      expectedCodes([new Array(6).fill(0)]),
    );
  });
});

describe('images with channels first', () => {
  const post = (operation: string, image: Parameters<typeof encode>[0], Accept: string) =>
    worker.request(`/v1/models/images-first/${operation}`, {
      method: 'POST',
      headers: { 'Content-Type': 'image/png', Accept },
      body: new Uint8Array(encode(image)),
    });
  const [red, green, blue] = [
    [0, 51],
    [102, 153],
    [204, 255],
  ] as const;
  const size = { width: 2, height: 1 };
  const interleaved = Uint8Array.from([0, 1].flatMap((pixel) => [red[pixel]!, green[pixel]!, blue[pixel]!]));
  /** The row of the same pixels, as PyTorch has them. */
  const row = [...red, ...green, ...blue].map((value) => Math.fround(value / 255));
  const onRows = Object.entries(ROWS_CASES).filter(([, { sends }]) => sends === 'rows');

  test.each(onRows)('answer %s as the same pixels do as JSON', async (operation, { expected }) => {
    const image = { ...size, channels: 3, data: interleaved } as const;
    const answer = await post(operation, image, BINARY_TYPE);
    expect(answer.status).toBe(200);
    const values = [...new Float32Array(await answer.arrayBuffer())];
    const asJson = await worker.post(
      `/v1/models/images-first/${operation}`,
      { rows: [row] },
      { Accept: BINARY_TYPE },
    );
    const sent = [...new Float32Array(await asJson.arrayBuffer())];
    const wanted = expected([row]).flat();
    expect(values.length).toBe(wanted.length);
    for (const [i, value] of wanted.entries()) {
      expect(values[i]).toBeCloseTo(value, 4);
      expect(values[i]).toBeCloseTo(sent[i]!, 5);
    }
  });

  test.each([
    ['16 bits', { channels: 3, depth: 16, data: Uint16Array.from(interleaved, (value) => value * 257) }, row],
    ['grey', { channels: 1, data: Uint8Array.from(red) }, [red, red, red].flat().map((value) => value / 255)],
    [
      'half transparent',
      {
        channels: 4,
        data: Uint8Array.from([0, 1].flatMap((pixel) => [red[pixel]!, green[pixel]!, blue[pixel]!, 51])),
      },
      row.map((value) => value / 5),
    ],
  ] as const)('may be %s', async (_, image, wanted) => {
    const [code] = await codesOf(await post('encode', { ...size, ...image }, JSON_TYPE));
    for (const [i, value] of expectedCodes([wanted])[0]!.entries()) expect(code![i]).toBeCloseTo(value, 5);
  });

  test('are described with the order of their axes', async () => {
    const { features } = (await (await worker.request('/v1/models/images-first')).json()) as {
      features: { imageLayout: string; rowShape: number[] };
    };
    expect(features).toMatchObject({ imageLayout: 'CHW', rowShape: [3, 1, 2] });
  });
});

describe('images that declare other sizes than they have', () => {
  const post = (bytes: Uint8Array) =>
    worker.request('/v1/models/images/encode', {
      method: 'POST',
      headers: { 'Content-Type': 'image/png' },
      body: new Uint8Array(bytes),
    });
  const pixels = { width: 3, height: 2, channels: 1, data: new Uint8Array(6) } as const;
  const [signature, header, ...rest] = pngChunks(encode(pixels));

  test.each([
    [2, 3],
    [4000, 4000],
  ])('are refused where a second header declares %i x %i', async (width, height) => {
    const second = pngHeaderChunk(width, height);
    const problem = await expectProblem(
      await post(Buffer.concat([signature!, header!, second, ...rest])),
      'unsupported-image',
    );
    expect(problem.detail).toContain('expected one chunk IHDR, received several');
  });

  test('are refused where pixels unpack to more than the size', async () => {
    const bomb = pngChunk('IDAT', deflateSync(new Uint8Array(4_000_000)));
    const bytes = Buffer.concat([signature!, header!, bomb, pngChunk('IEND', new Uint8Array())]);
    const problem = await expectProblem(await post(bytes), 'unsupported-image');
    expect(problem.detail).toContain('unpack to more than');
  });

  test('are answered without reading what is packed in other chunks', async () => {
    // One that unpacks to much, and one that does not unpack at all, which who reads it cannot miss.
    for (const packed of [deflateSync(new Uint8Array(4_000_000)), Buffer.from('not packed')]) {
      const profile = Buffer.concat([Buffer.from('icc\0\0', 'latin1'), packed]);
      const bytes = Buffer.concat([signature!, header!, pngChunk('iCCP', profile), ...rest]);
      expect(await codesOf(await post(bytes))).toEqual(expectedCodes([new Array(6).fill(0)]));
    }
  });

  test('are refused where a chunk is cut off', async () => {
    const whole = Buffer.concat([signature!, header!, ...rest]);
    for (let end = 24; end < whole.length - 12; end++)
      await expectProblem(await post(whole.subarray(0, end)), 'unsupported-image');
  });
});

describe('more rows than one answer holds', () => {
  const rows = exampleRows(MAX_ROWS + 500, 6);
  const codes = expectedCodes(rows, NEW_SCALE);
  const lines = async (response: Response) => {
    expect(response.headers.get('Content-Type')).toBe(NDJSON_TYPE);
    const text = await response.text();
    expect(text.endsWith('\n')).toBe(true);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  };

  test.each([undefined, '*/*', 'application/json', 'application/json, application/x-ndjson;q=0.5'])(
    'come as one JSON document for Accept: %s',
    async (accept) => {
      const response = await worker.post(ENCODE, { rows }, accept === undefined ? {} : { Accept: accept });
      expect(response.headers.get('Content-Type')).toBe(JSON_TYPE);
      expect(OPERATIONS.encode.answer.parse(await response.json()).codes).toEqual(codes);
    },
  );

  test('come as the same document in pieces as in one, for every operation that answers rows', async () => {
    const few = rows.slice(0, MAX_ROWS);
    for (const [operation, query] of [
      ['encode', ''],
      ['score', '?top=1'],
      ['reconstruct', ''],
      ['denoise', ''],
    ]) {
      const path = `/v1/models/linear/${operation}${query}`;
      const whole = async (some: unknown) =>
        (await (await worker.post(path, { rows: some })).json()) as object;
      const [first, both] = [await whole(few), await whole([...few, ...few])];
      for (const [name, value] of Object.entries(both))
        expect(value).toEqual(
          Array.isArray(value)
            ? [0, 1].flatMap(() => first[name as keyof typeof first])
            : first[name as keyof typeof first],
        );
      expect(Object.keys(both).sort()).toEqual(Object.keys(first).sort());
    }
  });

  test('come as NDJSON where the client asks for it, each line an answer of its own', async () => {
    const answers = await lines(await worker.post(ENCODE, { rows }, { Accept: NDJSON_TYPE }));
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.flatMap((answer) => OPERATIONS.encode.answer.parse(answer).codes)).toEqual(codes);
  });

  test('come as bytes where they were sent as bytes', async () => {
    const response = await worker.postBinary(ENCODE, rows);
    expect(response.headers.get('Content-Type')).toBe(BINARY_TYPE);
    expect(Array.from(new Float32Array(await response.arrayBuffer()))).toEqual(codes.flat());
  });

  test('come as NDJSON for few rows too, where the client asks for it', async () => {
    const answers = await lines(
      await worker.post(ENCODE, { rows: rows.slice(0, 2) }, { Accept: NDJSON_TYPE }),
    );
    expect(answers).toMatchObject([{ model: 'linear', codes: codes.slice(0, 2) }]);
  });

  test('take their labels along', async () => {
    const labels = rows.map((_, i) => i % 3);
    const body = { codes: rows.map(() => [0, 0]), labels };
    const answers = await lines(
      await worker.post('/v1/models/conditional/decode', body, { Accept: NDJSON_TYPE }),
    );
    const firsts = answers.flatMap((answer) =>
      OPERATIONS.decode.answer.parse(answer).rows.map((row) => row?.[0]),
    );
    expect(firsts).toEqual(labels.map((label) => 10 * label));
  });
});

describe('the values of pixels', () => {
  test.each([1, 255] as const)('are those that the model takes, exactly: white is %i', async (white) => {
    const { manifest } = linearArtifact();
    const image = { rowShape: [2, 3], names: null, imageLayout: 'HW' as const, white };
    const own = { ...manifest, features: { ...manifest.features, ...image } };
    await loadDecoder();
    const bytes = [0, 1, 77, 128, 254, 255];
    const file = encode({ width: 3, height: 2, channels: 1, data: Uint8Array.from(bytes) });
    const { rows } = packImage(new Uint8Array(file), own, layoutOf(own, 'encoder', 'rows'));
    const expected = bytes.map((value) => (white === 255 ? value : Math.fround(value / 255)));
    expect(Array.from(rows!.data as Float32Array)).toEqual(expected);
  });
});
