/** The body of an inference request: JSON, followed by the bytes of binary inputs. */
import { InferRequest } from '../../shared/protocol.ts';
import { ProblemError } from '../problems.ts';
import { parseBody } from '../requests/parseBody.ts';
import { nullable } from './absent.ts';

/** Header with the length of the JSON in bytes; without it, the whole body is JSON. */
export const JSON_LENGTH_HEADER = 'Inference-Header-Content-Length';

export interface ReceivedRequest {
  readonly request: InferRequest;
  /** The bytes of all binary inputs, in the order of the inputs. */
  readonly binary: Uint8Array<ArrayBuffer>;
}

/**
 * Splits a body into JSON and binary data (Triton's binary tensor data extension).
 * @throws {ProblemError} `invalid-body` or `malformed-json`.
 */
export function readInferRequest(headers: Headers, body: Uint8Array<ArrayBuffer>): ReceivedRequest {
  const jsonLength = jsonLengthOf(headers, body.length);
  const request = parseBody(nullable(InferRequest), body.subarray(0, jsonLength), withoutLiterals);
  const binary = body.subarray(jsonLength);
  const expected = request.inputs.reduce(
    (sum, { parameters }) => sum + (parameters?.binary_data_size ?? 0),
    0,
  );
  if (expected !== binary.length) {
    const received = `${binary.length} bytes`;
    const detail = `The binary_data_size of all inputs adds up to ${expected} bytes after the JSON; received ${received}.`;
    throw new ProblemError('invalid-body', { detail, expected: `${expected} bytes`, received });
  }
  return { request, binary };
}

/** Strings, which stay, and the numbers that JSON does not have. */
const LITERALS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Replaces the literals that Python's JSON writes for such numbers, as tritonclient sends them and Triton
 * reads them: null stands for NaN here, and what is beyond float64 for infinity.
 */
function withoutLiterals(text: string): string {
  return text.replace(LITERALS, (found) => {
    if (found.startsWith('"')) return found;
    return found === 'NaN' ? 'null' : found.replace('Infinity', '1e999');
  });
}

function jsonLengthOf(headers: Headers, bodyLength: number): number {
  const received = headers.get(JSON_LENGTH_HEADER);
  if (received === null) return bodyLength;
  if (/^\d+$/.test(received) && Number(received) <= bodyLength) return Number(received);
  const expected = `the length of the JSON, at most the body's ${bodyLength} bytes`;
  const detail = `${JSON_LENGTH_HEADER}: expected ${expected}; received ${received.slice(0, 60)}.`;
  throw new ProblemError('invalid-body', { detail, expected, received: received.slice(0, 60) });
}
