/** For every operation: requests, and the answers worked out without the Worker. */
import type { OPERATIONS } from '../../../edge/operations/registry.ts';
import type { OperationName } from '../../../shared/manifest.ts';
import { sampleCodes } from '../../../shared/sample.ts';
import { unpackRows } from '../../../shared/tensor.ts';
import { CONDITIONAL, expectedConditional } from '../artifacts/conditionalArtifact.ts';
import { expectedRecommendations, expectedSimilar, SHARES } from '../artifacts/itemsArtifact.ts';
import {
  CODE_SIZE,
  expectedCodes,
  expectedFeatureErrors,
  expectedPredictions,
  expectedRows,
  FEATURES,
  THRESHOLD,
} from '../artifacts/linearArtifact.ts';

type Numbers = readonly (readonly number[])[];
type OfKind<Kind> = {
  [Name in OperationName]: (typeof OPERATIONS)[Name] extends { kind: Kind } ? Name : never;
}[OperationName];
export type RowsOperationName = OfKind<'rows'>;
export type BodyOperationName = OfKind<'body'>;

/** Of an operation that answers each row by itself, on the model `linear`. */
interface RowsCase {
  /** The member of the request's body that holds the numbers. */
  readonly sends: 'rows' | 'codes';
  readonly inputWidth: number;
  readonly outputWidth: number;
  /** The binary answer; `scale` is that of the version that is asked. */
  readonly expected: (input: Numbers, scale?: number) => number[][];
  /** The JSON answer, without model and version. */
  readonly body: (input: Numbers, scale?: number) => object;
  /** Whether float32 rounds what is expected. */
  readonly rounds?: true;
}

const reconstructed = (rows: Numbers, scale?: number) => expectedRows(expectedCodes(rows, scale));
const whole = { sends: 'rows', inputWidth: FEATURES, outputWidth: FEATURES } as const;
const toCode = { sends: 'rows', inputWidth: FEATURES, outputWidth: CODE_SIZE } as const;

export const ROWS_CASES: Record<RowsOperationName, RowsCase> = {
  encode: {
    ...toCode,
    expected: expectedCodes,
    body: (rows, scale) => ({ codes: expectedCodes(rows, scale) }),
  },
  reduce: {
    ...toCode,
    expected: expectedCodes,
    body: (rows, scale) => ({ coordinates: expectedCodes(rows, scale) }),
  },
  decode: {
    ...{ sends: 'codes', inputWidth: CODE_SIZE, outputWidth: FEATURES, expected: expectedRows },
    body: (codes) => ({ rows: expectedRows(codes) }),
  },
  reconstruct: {
    ...whole,
    expected: reconstructed,
    body: (rows, scale) => ({ rows: reconstructed(rows, scale) }),
  },
  denoise: {
    ...whole,
    expected: reconstructed,
    body: (rows, scale) => ({ rows: reconstructed(rows, scale) }),
  },
  score: {
    ...{ sends: 'rows', inputWidth: FEATURES, outputWidth: 1, rounds: true },
    expected: (rows, scale) => expectedFeatureErrors(rows, scale).map((errors) => [mean(errors)]),
    body: (rows, scale) => ({
      threshold: THRESHOLD,
      scores: expectedFeatureErrors(rows, scale).map((errors, row) => ({
        error: mean(errors),
        score: mean(errors),
        percentile: Math.min(100, mean(errors)),
        ...{ pValue: null, confidence: null }, // its manifest is of a version that had none
        isAnomaly: mean(errors) > THRESHOLD,
        contributions: errors
          .map((error, i) => ({
            feature: 'abcdef'[i]!,
            value: rows[row]![i]!,
            expected: reconstructed(rows, scale)[row]![i]!,
            error,
            share: error / (FEATURES * mean(errors)),
          }))
          .sort((a, b) => b.error - a.error)
          .slice(0, 3),
      })),
    }),
  },
  predict: {
    ...{ sends: 'rows', inputWidth: FEATURES, outputWidth: 1 },
    expected: (rows, scale) => expectedPredictions(expectedCodes(rows, scale)),
    body: (rows, scale) => ({ predictions: expectedPredictions(expectedCodes(rows, scale)) }),
  },
  forecast: {
    ...toCode,
    expected: expectedCodes,
    body: (rows, scale) => ({ forecasts: expectedCodes(rows, scale) }),
  },
};

/** `[what, model, body, answer without model and version, the rows of the binary answer]`. */
type BodyCase = readonly [name: string, model: string, body: object, expected: object, binary?: Numbers];

export const BODY_CASES: Record<BodyOperationName, readonly BodyCase[]> = {
  sample: [
    sampled('by default', 'linear', { seed: 7 }, { count: 1, seed: 7 }),
    sampled('cooler', 'linear', { n: 5, seed: 8, temperature: 0.5 }, { count: 5, seed: 8, temperature: 0.5 }),
    [
      'of one label',
      'conditional',
      { temperature: 0, seed: 1, label: 'red' },
      { seed: 1, rows: expectedConditional([[0, 0]], ['red']) },
      expectedConditional([[0, 0]], ['red']),
    ],
    [
      'of the label at a position',
      'conditional',
      { temperature: 0, seed: 1, label: 1 },
      { seed: 1, rows: expectedConditional([[0, 0]], [CONDITIONAL.labels[1]!]) },
    ],
  ],
  interpolate: [
    walked(
      'codes',
      {
        codes: [
          [0, 4],
          [2, 0],
        ],
        steps: 3,
      },
      [
        [0, 4],
        [1, 2],
        [2, 0],
      ],
    ),
    walked(
      'rows',
      { rows: [new Array(FEATURES).fill(0), new Array(FEATURES).fill(1)], steps: 2 },
      expectedCodes([new Array(FEATURES).fill(0), new Array(FEATURES).fill(1)], 2),
    ),
  ],
  traverse: [
    walked('a code', { codes: [[5, 4]], dimension: 1, from: -1, to: 1, steps: 3 }, [
      [5, -1],
      [5, 0],
      [5, 1],
    ]),
    walked(
      'by default, from -3 to 3 in 7 steps',
      { codes: [[0, 0]], dimension: 0 },
      Array.from({ length: 7 }, (_, step) => [step - 3, 0]),
    ),
  ],
  recommend: [
    recommended('unseen items', 'items', { items: ['b'], k: 3 }, ['b']),
    recommended('all that are left', 'items', { items: ['a', 'a', 'zzz', 9] }, ['a'], ['zzz', '9']),
    recommended('unseen items, by a graph with filters', 'shop', { items: ['b'], k: 3 }, ['b']),
    recommended('also seen ones', 'shop', { items: ['b', 'e'], excludeSeen: false, k: 4 }, []),
    recommended('none that are denied', 'shop', { items: ['b'], deny: ['d', 'zzz', 'd'] }, ['b', 'd']),
    recommended('only allowed ones', 'shop', { items: ['b'], allow: ['a', 'b', 'e', 'zzz'] }, [
      'b',
      'c',
      'd',
    ]),
    recommended(
      'of the allowed ones those that are not denied',
      'shop',
      { items: ['b'], excludeSeen: false, allow: ['a', 'b', 'e'], deny: ['e'] },
      ['c', 'd', 'e'],
    ),
    recommended('nothing, since nothing known is allowed', 'shop', { items: ['b'], allow: [] }, [...'abcde']),
    popular('for nobody in particular', 'items', { items: [] }, []),
    popular('for who had nothing known', 'shop', { items: ['zzz'], k: 2 }, [], ['zzz']),
    popular('nothing for nobody', 'shop', { items: ['zzz', 'zzz'], allow: [] }, [...'abcde'], ['zzz']),
    popular('for nobody, with filters', 'shop', { items: [], allow: ['a', 'b', 'e'], deny: ['b'] }, [
      ...'bcd',
    ]),
    recommended('where a text is', 'shop', { items: ['d'], where: { kind: 'insect' } }, [...'de']),
    recommended('where one of joined texts is', 'shop', { items: ['a'], where: { kind: 'pet' } }, [
      ...'abce',
    ]),
    recommended(
      'where all conditions hold, of the allowed ones',
      'shop',
      { items: ['e'], where: { in_stock: true, legs: { min: 4 } }, allow: ['a', 'b', 'c', 'd'] },
      [...'bce'],
    ),
    recommended('where one of several values is', 'shop', { items: ['e'], where: { legs: [4, 8] } }, [
      ...'abce',
    ]),
    recommended('nothing, since no item is so', 'shop', { items: ['e'], where: { legs: { max: 3 } } }, [
      ...'abcde',
    ]),
    popular('for nobody, where a value is', 'shop', { items: [], where: { in_stock: false } }, [...'acde']),
    [
      'for several users',
      'shop',
      { users: [['b', 'b'], [], ['zzz', 'd', 'a']], k: 2, where: { in_stock: true } },
      {
        // Those of the first user, as if there were no others.
        ...{ items: expectedRecommendations([...'be'], 2), basedOn: 'items', unknown: [] },
        users: [
          { items: expectedRecommendations([...'be'], 2), basedOn: 'items', unknown: [] },
          { items: expectedRecommendations([...'be'], 2, SHARES), basedOn: 'popularity', unknown: [] },
          { items: expectedRecommendations([...'abde'], 2), basedOn: 'items', unknown: ['zzz'] },
        ],
      },
    ],
    [
      'for as many users as one request may have',
      'shop',
      { users: Array.from({ length: 256 }, (_, user) => ['abcde'[user % 5]!]), k: 1 },
      {
        ...{ items: expectedRecommendations(['a'], 1), basedOn: 'items', unknown: [] },
        users: Array.from({ length: 256 }, (_, user) => ({
          ...{ items: expectedRecommendations(['abcde'[user % 5]!], 1), basedOn: 'items', unknown: [] },
        })),
      },
    ],
  ],
  similar: [['the nearest', 'items', { item: 'a', k: 2 }, { items: expectedSimilar('a', 2) }]],
};

function sampled(
  name: string,
  model: string,
  body: object,
  options: Omit<Parameters<typeof sampleCodes>[0], 'codeSize'>,
): BodyCase {
  const rows = expectedRows(unpackRows(sampleCodes({ ...options, codeSize: CODE_SIZE })));
  return [name, model, body, { seed: options.seed, rows }, rows];
}

interface RecommendBody {
  readonly where?: object;
  readonly items: readonly (string | number)[];
  readonly k?: number;
  readonly excludeSeen?: boolean;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

function recommended(
  name: string,
  model: string,
  body: RecommendBody,
  without: readonly string[],
  unknown: readonly string[] = [],
): BodyCase {
  return [
    name,
    model,
    body,
    { items: expectedRecommendations(without, body.k ?? 5), basedOn: 'items', unknown },
  ];
}

/** Scores are shares of users there. */
function popular(
  name: string,
  model: string,
  body: RecommendBody,
  without: readonly string[],
  unknown: readonly string[] = [],
): BodyCase {
  const items = expectedRecommendations(without, body.k ?? 5, SHARES);
  return [name, model, body, { items, basedOn: 'popularity', unknown }];
}

function walked(name: string, body: object, codes: readonly (readonly number[])[]): BodyCase {
  const rows = expectedRows(codes);
  return [name, 'linear', body, { codes, rows }, rows];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `rowCount` rows that float32 holds exactly, different for every `seed`. */
export function exampleRows(rowCount: number, width: number, seed = 0): number[][] {
  return Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: width }, (_, column) => (((seed * 31 + row * 7 + column * 3) % 41) - 20) / 4),
  );
}
