/** For every operation: a request to the `linear` model and the answer worked out without it. */
import {
  DecodeRequest,
  DecodeResponse,
  EncodeRequest,
  EncodeResponse,
  PredictRequest,
  PredictResponse,
  ReconstructRequest,
  ReconstructResponse,
} from '../../shared/api.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { CODE_SIZE, expectedCodes, expectedPredictions, expectedRows, FEATURES } from './linearArtifact.ts';

type Numbers = readonly (readonly number[])[];

interface OperationCase {
  readonly request:
    | typeof EncodeRequest
    | typeof DecodeRequest
    | typeof ReconstructRequest
    | typeof PredictRequest;
  readonly response:
    | typeof EncodeResponse
    | typeof DecodeResponse
    | typeof ReconstructResponse
    | typeof PredictResponse;
  /** The member of the request's and the response's body that holds the numbers. */
  readonly sends: 'rows' | 'codes';
  readonly answers: 'rows' | 'codes' | 'predictions';
  readonly inputWidth: number;
  readonly outputWidth: number;
  /** `scale` is that of the version that is asked. */
  readonly expected: (input: Numbers, scale?: number) => number[][];
}

export const OPERATION_CASES: Record<OperationName, OperationCase> = {
  encode: {
    ...{ request: EncodeRequest, response: EncodeResponse, sends: 'rows', answers: 'codes' },
    ...{ inputWidth: FEATURES, outputWidth: CODE_SIZE, expected: expectedCodes },
  },
  decode: {
    ...{ request: DecodeRequest, response: DecodeResponse, sends: 'codes', answers: 'rows' },
    ...{ inputWidth: CODE_SIZE, outputWidth: FEATURES, expected: expectedRows },
  },
  reconstruct: {
    ...{ request: ReconstructRequest, response: ReconstructResponse, sends: 'rows', answers: 'rows' },
    ...{ inputWidth: FEATURES, outputWidth: FEATURES },
    expected: (rows, scale) => expectedRows(expectedCodes(rows, scale)),
  },
  predict: {
    ...{ request: PredictRequest, response: PredictResponse, sends: 'rows', answers: 'predictions' },
    ...{ inputWidth: FEATURES, outputWidth: 1 },
    expected: (rows, scale) => expectedPredictions(expectedCodes(rows, scale)),
  },
};

/** `rowCount` rows that float32 holds exactly, different for every `seed`. */
export function exampleRows(rowCount: number, width: number, seed = 0): number[][] {
  return Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: width }, (_, column) => (((seed * 31 + row * 7 + column * 3) % 41) - 20) / 4),
  );
}
