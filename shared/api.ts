/**
 * What the HTTP API says and hears: one schema per body, from which validation, types and documentation all come.
 *
 * Anything in feature space is `rows`, anything in latent space is `codes`. An unknown member is an error everywhere,
 * so a misspelt one is never silently ignored.
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with the Worker.
import * as z from 'zod';
import {
  FeatureStatistics,
  Features,
  ModelName,
  ModelVersion,
  OperationName,
  Parity,
  Prediction,
} from './manifest.ts';

/**
 * Rows of numbers in a request. Here it is only checked that there is an array: `packRows` checks every number while
 * it packs them, in one loop, where a schema per element would take several times as long as the model itself.
 * The metadata is what JSON Schema documents show (`z.toJSONSchema(schema, { unrepresentable: 'any' })`).
 */
const PackedLater = z
  .custom<number[][]>(Array.isArray, 'expected an array of rows')
  .meta({ type: 'array', items: { type: 'array', items: { type: 'number' } } });

/** Rows of numbers in a response; every value is a float32. */
const Numbers = z.array(z.array(z.number()));

const Answered = z.strictObject({ model: ModelName, version: ModelVersion });

/** `rows`: N rows of `features.count` numbers in raw units. */
export const EncodeRequest = z.strictObject({ rows: PackedLater });
/** `codes`: N codes of `codeSize` numbers. */
export const EncodeResponse = Answered.extend({ codes: Numbers });

/** `codes`: N codes of `codeSize` numbers. */
export const DecodeRequest = z.strictObject({ codes: PackedLater });
/** `rows`: N rows of `features.count` numbers in raw units. */
export const DecodeResponse = Answered.extend({ rows: Numbers });

/** `rows`: N rows of `features.count` numbers in raw units. */
export const ReconstructRequest = z.strictObject({ rows: PackedLater });
/** `rows`: the reconstruction of each row, in raw units. */
export const ReconstructResponse = Answered.extend({ rows: Numbers });

/** `rows`: N rows of `features.count` numbers in raw units. */
export const PredictRequest = z.strictObject({ rows: PackedLater });
/** `predictions`: for each row one number in the units of the target. */
export const PredictResponse = Answered.extend({ predictions: Numbers });

/** `GET /health`: `models` counts the served (name, version) pairs. */
export const Health = z.strictObject({ status: z.literal('ok'), models: z.number().int().nonnegative() });

/** One line of the list of models; `features` is their count. */
export const ModelSummary = z.strictObject({
  name: ModelName,
  version: ModelVersion,
  variant: z.string(),
  codeSize: z.number().int().positive(),
  features: z.number().int().positive(),
  operations: z.array(OperationName),
});

/** `GET /v1/models`: every version of every model, by name, the newest version of each first. */
export const ModelList = z.strictObject({ models: z.array(ModelSummary) });

/**
 * `GET /v1/models/{name}[@{version}]`: what a caller needs to know to use the model and to judge it. The training
 * run's own details (recipe, data source, file names) stay in the artifact.
 */
export const ModelDescription = z.strictObject({
  name: ModelName,
  version: ModelVersion,
  /** Every version served under this name, newest first; a request without a version is answered by the first. */
  versions: z.array(ModelVersion),
  variant: z.string(),
  createdAt: z.iso.datetime(),
  features: z.strictObject({ ...Features.shape, statistics: FeatureStatistics }),
  codeSize: z.number().int().positive(),
  operations: z.array(OperationName),
  /** Of models that offer `predict`. */
  prediction: Prediction.optional(),
  metrics: z.record(z.string(), z.number()),
  baselines: z.record(z.string(), z.record(z.string(), z.number())),
  parity: Parity,
});

/**
 * Every error's body, `application/problem+json` (RFC 9457). Extension members depend on the problem; those below
 * are common to several, and others may come with any (section 3.2: clients ignore the ones they do not know).
 */
export const Problem = z.looseObject({
  /** Absolute URL of the problem type's description, on the API's own origin. */
  type: z.url(),
  title: z.string(),
  status: z.number().int().min(400).max(599),
  /** What was wrong with this request, and what to do. */
  detail: z.string(),
  expected: z.string().optional(),
  received: z.string().optional(),
  /** Position of the first bad row and value, counted from 0. */
  row: z.number().int().nonnegative().optional(),
  column: z.number().int().nonnegative().optional(),
  /** The names, versions, operations or media types that would have been accepted. */
  offered: z.array(z.string()).optional(),
  /** The limit that was exceeded, in rows or bytes. */
  limit: z.number().int().positive().optional(),
});

export type EncodeRequest = z.infer<typeof EncodeRequest>;
export type EncodeResponse = z.infer<typeof EncodeResponse>;
export type DecodeRequest = z.infer<typeof DecodeRequest>;
export type DecodeResponse = z.infer<typeof DecodeResponse>;
export type ReconstructRequest = z.infer<typeof ReconstructRequest>;
export type ReconstructResponse = z.infer<typeof ReconstructResponse>;
export type PredictRequest = z.infer<typeof PredictRequest>;
export type PredictResponse = z.infer<typeof PredictResponse>;
export type Health = z.infer<typeof Health>;
export type ModelSummary = z.infer<typeof ModelSummary>;
export type ModelList = z.infer<typeof ModelList>;
export type ModelDescription = z.infer<typeof ModelDescription>;
export type Problem = z.infer<typeof Problem>;
