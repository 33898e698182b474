/**
 * What the HTTP API says and hears: schemas that several bodies share, from which validation, types and documentation all
 * come. Each operation keeps its own beside its route.
 *
 * Anything in feature space is `rows`, anything in latent space is `codes`. An unknown member is an error everywhere,
 * so a misspelt one is never silently ignored.
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with the Worker.
import * as z from 'zod';
import { FeatureStatistics, Features } from './features.ts';
import { Condition, ModelName, ModelVersion, OperationName, Prediction } from './manifest.ts';
import { Parity } from './measured.ts';

/** A value of a feature: a number, a category by its name, or null where it is missing. */
export type JsonCell = number | string | boolean | null;

/** A row: one value per feature in their order, or by their names; a name that is left out is missing. */
export type JsonRow = readonly JsonCell[] | Readonly<Record<string, JsonCell>>;

const CELL = { type: ['number', 'string', 'boolean', 'null'] } as const;

/**
 * Rows in a request. Here it is only checked that there is an array: every value is checked as it is packed, in one loop,
 * where a schema per element would take several times as long as the model itself. The metadata is what documents show.
 */
export const JsonRows = z
  .custom<readonly JsonRow[]>(Array.isArray, 'expected an array of rows')
  .describe('One or more rows in raw units: arrays of one value per feature, or objects by feature name.')
  .meta({
    type: 'array',
    minItems: 1,
    items: {
      oneOf: [
        { type: 'array', items: CELL },
        { type: 'object', additionalProperties: CELL },
      ],
    },
  });

/** Codes in a request, checked as rows are. */
export const JsonCodes = z
  .custom<readonly (readonly number[])[]>(Array.isArray, 'expected an array of codes')
  .describe('One or more codes: arrays of `codeSize` numbers.')
  .meta({ type: 'array', minItems: 1, items: { type: 'array', items: { type: 'number' } } });

/** A label of a conditional model, by its name or its position. */
export const ConditionLabel = z
  .union([z.string(), z.number().int().min(0)])
  .describe('Of a conditional model: a label, by its name or its position.');

/** One for each code. They are looked up one by one later, so that millions that are wrong are one error, not millions. */
export const JsonLabels = z
  .custom<readonly (string | number)[]>(Array.isArray, 'expected an array of labels')
  .describe('Of a conditional model: the label of each code.')
  .meta({
    type: 'array',
    items: { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 0 }] },
  });

/** Rows of numbers in a response; every value is a float32. */
export const FloatRows = z
  .array(z.array(z.number()))
  .describe('A list of float32 numbers for each, in the order of the request.');

/** The members of every operation's answer. */
export const OperationAnswer = z.strictObject({
  model: ModelName.describe('The model that answered.'),
  version: ModelVersion.describe('Its version.'),
});

/** `rows`: N rows in raw units. */
export const RowsBody = z.strictObject({ rows: JsonRows });

/** `rows`: rows in raw units; of a column of categories, the probability of each. */
export const RowsAnswer = z.lazy(() => OperationAnswer.extend({ rows: FloatRows }));

/** The query of operations that take none. */
export const NoQuery = z.strictObject({});

/** `GET /health`: `models` counts the served (name, version) pairs. */
export const Health = z.lazy(() =>
  z.strictObject({ status: z.literal('ok'), models: z.number().int().nonnegative() }),
);

/** One line of the list of models; `features` is their count. */
export const ModelSummary = z.lazy(() =>
  z.strictObject({
    name: ModelName,
    version: ModelVersion,
    variant: z.string(),
    codeSize: z.number().int().positive(),
    features: z.number().int().positive(),
    operations: z.array(OperationName),
  }),
);

/** `GET /v1/models`: every version of every model, by name, the newest version of each first. */
export const ModelList = z.lazy(() => z.strictObject({ models: z.array(ModelSummary) }));

/**
 * `GET /v1/models/{name}[@{version}]`: what a caller needs to know to use the model and to judge it. The training
 * run's own details (recipe, data source, file names) stay in the artifact.
 */
export const ModelDescription = z.lazy(() =>
  z.strictObject({
    name: ModelName,
    version: ModelVersion,
    /** Every version served under this name, newest first; a request without a version is answered by the first. */
    versions: z.array(ModelVersion),
    variant: z.string(),
    createdAt: z.iso.datetime(),
    features: z.strictObject({ ...Features.shape, statistics: FeatureStatistics }),
    codeSize: z.number().int().positive(),
    /** Of models that decode under a condition. */
    condition: Condition.optional(),
    operations: z.array(OperationName),
    /** Of models that offer `predict`. */
    prediction: Prediction.optional(),
    metrics: z.record(z.string(), z.number()),
    baselines: z.record(z.string(), z.record(z.string(), z.number())),
    parity: Parity,
  }),
);

/**
 * Every error's body, `application/problem+json` (RFC 9457). Extension members depend on the problem; those below
 * are common to several, and others may come with any (section 3.2: clients ignore the ones they do not know).
 */
export const Problem = z.lazy(() =>
  z.looseObject({
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
    /** The name of the feature, where features have names. */
    feature: z.string().optional(),
    /** The names, versions, operations or media types that would have been accepted. */
    offered: z.array(z.string()).optional(),
    /** The limit that was exceeded, in rows or bytes. */
    limit: z.number().int().positive().optional(),
  }),
);

export type ConditionLabel = z.infer<typeof ConditionLabel>;
export type Health = z.infer<typeof Health>;
export type ModelSummary = z.infer<typeof ModelSummary>;
export type ModelList = z.infer<typeof ModelList>;
export type ModelDescription = z.infer<typeof ModelDescription>;
export type Problem = z.infer<typeof Problem>;
