/** Requests with known answers, to be sent over and over while other things go on. */
import { expect } from 'vitest';
import { NEW_SCALE, OLD_VERSION } from '../artifacts/edgeArtifacts.ts';
import { expectNear } from '../training/near.ts';
import type { Answer } from './contract.ts';
import { BINARY_TYPE, JSON_TYPE } from './edgeWorker.ts';
import { binaryInputs, readAnswer } from './inferMessages.ts';
import {
  BODY_CASES,
  type BodyOperationName,
  exampleRows,
  ROWS_CASES,
  type RowsOperationName,
} from './operationCases.ts';
import type { SentRequest } from './sender.ts';

export interface GoodRequest {
  readonly request: SentRequest;
  /** Holds an answer against what was worked out without the Worker. */
  check(answer: Answer): Promise<void>;
}

const ROWS = 3;

/** Requests for every operation, as JSON and as bytes, and for the protocol; all with these headers. */
export function goodRequests(headers: SentRequest['headers'] = {}): GoodRequest[] {
  const post = (path: string, type: string, body: SentRequest['body'] & {}, accept = type): SentRequest => ({
    ...{ method: 'POST', path, body },
    headers: { 'Content-Type': type, Accept: accept, ...headers },
  });
  const ofRows = Object.keys(ROWS_CASES).flatMap((name) => {
    const { sends, inputWidth, expected, body } = ROWS_CASES[name as RowsOperationName];
    const rows = exampleRows(ROWS, inputWidth, name.length);
    const path = (reference: string) => `/v1/models/${reference}/${name}`;
    const json = JSON.stringify({ [sends]: rows });
    return [
      good(post(path('linear'), JSON_TYPE, json), jsonCheck(body(rows, NEW_SCALE))),
      good(post(path(`linear@${OLD_VERSION}`), JSON_TYPE, json), jsonCheck(body(rows))),
      good(post(path('linear'), BINARY_TYPE, float32(rows)), binaryCheck(expected(rows, NEW_SCALE))),
    ];
  });
  const ofBodies = Object.keys(BODY_CASES).flatMap((name) =>
    BODY_CASES[name as BodyOperationName].flatMap(([, model, body, expected, rows]) => {
      const path = `/v1/models/${model}/${name}`;
      const json = JSON.stringify(body);
      const asJson = good(post(path, JSON_TYPE, json), jsonCheck(expected));
      return rows ? [asJson, good(post(path, JSON_TYPE, json, BINARY_TYPE), binaryCheck(rows))] : [asJson];
    }),
  );
  return [...ofRows, ...ofBodies, inferRequest(headers)];
}

function inferRequest(headers: SentRequest['headers']): GoodRequest {
  const rows = exampleRows(ROWS, ROWS_CASES.encode.inputWidth);
  const input = { name: 'rows', datatype: 'FP32', shape: [ROWS, 6], data: rows.flat() };
  const sent = binaryInputs([input], { parameters: { binary_data_output: true } });
  const path = `/v2/models/linear/versions/${OLD_VERSION}/infer`;
  const request = { ...sent, path, headers: { ...sent.headers, ...headers } };
  return good(request, async ({ bytes, headers: received }) => {
    const { outputs } = await readAnswer(new Response(new Uint8Array(bytes), { headers: received }));
    expectNear(outputs[0]!.data, ROWS_CASES.encode.expected(rows).flat());
  });
}

/** Every answer to a request is the same, byte for byte: once it was checked, others are compared. */
function good(request: SentRequest, checkFirst: (answer: Answer) => void | Promise<void>): GoodRequest {
  let right: Uint8Array | undefined;
  const check = async (answer: Answer): Promise<void> => {
    if (answer.status === 200 && right && Buffer.compare(answer.bytes, right) === 0) return;
    expect([answer.status, request.path, right && text(answer)]).toEqual([
      200,
      request.path,
      right && text({ bytes: right }),
    ]);
    await checkFirst(answer);
    right = answer.bytes;
  };
  return { request, check };
}

function jsonCheck(expected: object) {
  return (answer: Answer): void => {
    const { model, version, ...body } = JSON.parse(text(answer));
    expect([model, version]).toEqual([expect.any(String), answer.headers.get('X-Model-Version')]);
    expectNear(body, expected);
  };
}

function binaryCheck(rows: readonly (readonly number[])[]) {
  return ({ bytes }: Answer): void => {
    expectNear(Array.from(new Float32Array(new Uint8Array(bytes).buffer)), rows.flat());
  };
}

function float32(rows: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array(new Float32Array(rows.flat()).buffer);
}

function text({ bytes }: Pick<Answer, 'bytes'>): string {
  return new TextDecoder().decode(bytes);
}
