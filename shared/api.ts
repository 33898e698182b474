/**
 * Schemas shared by several bodies of the HTTP API. Validation, types and documentation all come from them.
 * Each operation keeps its own schemas in its own file.
 *
 * Anything in feature space is `rows`, anything in latent space is `codes`. An unknown member is always an
 * error, so a misspelt one is never silently ignored.
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with
// the Worker.
import * as z from 'zod';
import { Features } from './features.ts';
import { Condition, ModelName, ModelVersion, OperationName, Prediction } from './manifest.ts';
import { Parity } from './measured.ts';

/** A value of a feature: a number, the name of a category, or null if it is missing. */
export type JsonCell = number | string | boolean | null;

/** A row: one value per feature, in order or by name; a name that is left out is a missing value. */
export type JsonRow = readonly JsonCell[] | Readonly<Record<string, JsonCell>>;

const CELL = { type: ['number', 'string', 'boolean', 'null'] } as const;

/**
 * Rows in a request. The schema only checks that they are an array: every value is checked as it is packed,
 * in one loop. A schema per element would take several times as long as the model itself. The metadata is for
 * the OpenAPI document.
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

/** Codes in a request, checked in the same way as rows. */
export const JsonCodes = z
  .custom<readonly (readonly number[])[]>(Array.isArray, 'expected an array of codes')
  .describe('One or more codes: arrays of `codeSize` numbers.')
  .meta({ type: 'array', minItems: 1, items: { type: 'array', items: { type: 'number' } } });

/** A label of a conditional model, by its name or position. */
export const ConditionLabel = z
  .union([z.string(), z.number().int().min(0)])
  .describe('The label to decode under, by its name or position; conditional models only.');

/**
 * One label per code. They are checked later, one by one, so that millions of wrong ones give one error, not
 * millions.
 */
export const JsonLabels = z
  .custom<readonly (string | number)[]>(Array.isArray, 'expected an array of labels')
  .describe('One label per code, by its name or position; conditional models only.')
  .meta({
    type: 'array',
    items: { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 0 }] },
  });

/** Rows of float32 numbers in a response. */
export const FloatRows = z
  .array(z.array(z.number()))
  .describe('Arrays of float32 numbers, one for each row or code, in order.');

/** Rows of float32 numbers in a response to rows, of which some may have no answer. */
export const AnsweredRows = z
  .array(z.array(z.number()).nullable())
  .describe(
    'Arrays of float32 numbers, one for each row or code, in order; null for one that cannot be answered.',
  );

/** Members of every operation's answer. */
export const OperationAnswer = z.strictObject({
  model: ModelName.describe('The model that answered.'),
  version: ModelVersion.describe('The version that answered.'),
});

/** A category in a row of a request that training did not see. */
export const UnseenCategory = z.lazy(() =>
  z.strictObject({
    row: z.number().int().nonnegative().describe('The position of the row, from 0.'),
    feature: z.union([z.string(), z.number().int()]).describe('The name of the feature, or its position.'),
    value: z.string().describe('The category.'),
  }),
);

/** The member of an answer that names categories that training did not see. */
export const UnseenMember = {
  unseen: z
    .array(UnseenCategory)
    .describe(
      'Categories that training did not see, taken for missing values, up to 1,024; absent if there are none.',
    )
    .optional(),
} as const;

/** Members of the answer of an operation that answers each row by itself. */
export const BatchAnswer = OperationAnswer.extend({
  problems: z
    .custom<readonly Problem[]>(Array.isArray)
    .describe('The problem of each row without an answer, up to 1,024; absent if all rows have one.')
    .meta({ type: 'array', items: { $ref: '#/components/schemas/Problem' } })
    .optional(),
  ...UnseenMember,
});

/** A body of N rows in raw units. */
export const RowsBody = z.strictObject({ rows: JsonRows });

/**
 * An answer of rows in raw units; for a column of categories, each row holds the probability of each
 * category.
 */
export const RowsAnswer = z.lazy(() => BatchAnswer.extend({ rows: AnsweredRows }));

/** The query of operations without parameters. */
export const NoQuery = z.strictObject({});

/** `GET /health`. */
export const Health = z.lazy(() =>
  z.strictObject({
    status: z.literal('ok').describe('The Worker is up.'),
    models: z.number().int().nonnegative().describe('The number of served versions of all models.'),
  }),
);

/** `GET /`: where to go on. */
export const ServiceLinks = z.lazy(() =>
  z.strictObject({
    name: z.literal('latentedge').describe('The name of the API.'),
    version: z.string().describe('The version of latentedge.'),
    links: z
      .record(z.string(), z.url())
      .describe('Addresses: `models`, `openapi`, `docs`, `health` and, if it is served, `playground`.'),
  }),
);

const MODEL_FACTS = {
  variant: z
    .string()
    .describe('The kind of autoencoder, for instance undercomplete; `imported` for a model from elsewhere.'),
  codeSize: z
    .number()
    .int()
    .nonnegative()
    .describe('The number of values in a code; 0 if the model has none.'),
  operations: z.array(OperationName).describe('The operations that the model offers.'),
} as const;

/** One entry of the list of models. */
export const ModelSummary = z.lazy(() =>
  z.strictObject({
    name: ModelName.describe('The name of the model.'),
    version: ModelVersion.describe('The version of the model.'),
    ...MODEL_FACTS,
    features: z.number().int().positive().describe('The number of features of a row.'),
  }),
);

/** `GET /v1/models`: every version of every model, sorted by name. */
export const ModelList = z.lazy(() =>
  z.strictObject({
    models: z
      .array(ModelSummary)
      .describe(
        'Every served version, sorted by name; of each model, the version that answers requests without a version first.',
      ),
  }),
);

const DescribedColumn = z.strictObject({
  name: z.string().describe('The name of the column.'),
  type: z.enum(['category', 'number', 'boolean']).describe('The type of its values.'),
  values: z.array(z.string()).describe('The texts of a column of categories, and their parts.').optional(),
});

/**
 * `GET /v1/models/{name}[@{version}]`: the facts needed to use a model and to judge it. Details of the
 * training run (recipe, data source, file names) stay in the artifact.
 */
export const ModelDescription = z.lazy(() =>
  z.strictObject({
    name: ModelName.describe('The name of the model.'),
    version: ModelVersion.describe('The version described here.'),
    versions: z
      .array(ModelVersion)
      .describe('Every served version; the first one answers requests without a version.'),
    ...MODEL_FACTS,
    createdAt: z.iso.datetime().describe('The time of training, ISO 8601.'),
    features: Features.describe('The features of a row.'),
    itemColumns: z
      .array(DescribedColumn)
      .describe('The columns that `recommend` filters items by.')
      .optional(),
    itemTitles: z
      .array(z.string().nullable())
      .describe('The titles of the items, in the order of the features; null for none.')
      .optional(),
    condition: Condition.describe(
      'The condition that the model decodes under; conditional models only.',
    ).optional(),
    prediction: Prediction.describe('The target of `predict`; only for models that offer it.').optional(),
    metrics: z.record(z.string(), z.number()).describe('Metrics on the test rows, by name.'),
    baselines: z
      .record(z.string(), z.record(z.string(), z.number()))
      .describe('The same metrics for each baseline, on the same rows.'),
    parity: Parity.describe('Differences between the trained model and its graphs in WebAssembly.'),
  }),
);

/**
 * The body of every error, `application/problem+json` (RFC 9457). Extension members depend on the problem:
 * those below are common to several, and any problem may have others (section 3.2: clients ignore members
 * that they do not know).
 */
export const Problem = z.lazy(() =>
  z.looseObject({
    type: z.url().describe('The URL of the description of this type of problem, on the same origin.'),
    title: z.string().describe('The type of problem, in a few words.'),
    status: z.number().int().min(400).max(599).describe('The HTTP status.'),
    detail: z.string().describe('The fault of this request, and how to correct it.'),
    expected: z.string().describe('The value or form that would have been accepted.').optional(),
    received: z.string().describe('The value or form that was received.').optional(),
    row: z.number().int().nonnegative().describe('The position of the first wrong row, from 0.').optional(),
    column: z
      .number()
      .int()
      .nonnegative()
      .describe('The position of the first wrong value in that row, from 0.')
      .optional(),
    feature: z.string().describe('The name of the feature, if features have names.').optional(),
    offered: z
      .array(z.string())
      .describe('The names, versions, operations or media types that would have been accepted.')
      .optional(),
    limit: z.number().int().positive().describe('The limit exceeded, in rows or bytes.').optional(),
  }),
);

export type ConditionLabel = z.infer<typeof ConditionLabel>;
export type Health = z.infer<typeof Health>;
export type ServiceLinks = z.infer<typeof ServiceLinks>;
export type ModelSummary = z.infer<typeof ModelSummary>;
export type ModelList = z.infer<typeof ModelList>;
export type ModelDescription = z.infer<typeof ModelDescription>;
export type Problem = z.infer<typeof Problem>;
export type UnseenCategory = z.infer<typeof UnseenCategory>;
