/**
 * The artifact's manifest: the one contract between training, which writes it, and the Worker, which reads
 * it.
 *
 * Breaking changes raise `MANIFEST_SCHEMA_VERSION`; a reader refuses a manifest newer than itself.
 *
 * Schemas of objects are `lazy`: building them takes a good part of a Worker's start, and most serve only the
 * OpenAPI document or models from a bucket.
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with
// the Worker.
import * as z from 'zod';
import { Features } from './features.ts';
import { ItemTable } from './itemTable.ts';
import { Calibration, Parity, ReconstructionError, StoredWeights } from './measured.ts';

export const MANIFEST_SCHEMA_VERSION = 1;

/** The variant of models that were trained elsewhere, whose artifacts may lack some graphs. */
export const IMPORTED = 'imported';

/**
 * Model names appear in URLs, folder names, keys of R2 (1024 bytes) and indexes of Workers Analytics Engine
 * (96 bytes): lower-case words joined by hyphens.
 */
export const ModelName = z
  .string()
  .max(96, 'a model name has up to 96 characters')
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'a model name is lower-case letters and digits, joined by single hyphens',
  );

/** Rows in each part of the data. */
const RowCounts = z.lazy(() =>
  z.strictObject({
    train: z.number().int().nonnegative(),
    validation: z.number().int().nonnegative(),
    test: z.number().int().nonnegative(),
  }),
);

/** First 12 hex digits of the artifact's content hash. */
export const ModelVersion = z.string().regex(/^[0-9a-f]{12}$/, 'a version is 12 lower-case hex digits');

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file next to the manifest, never a path. */
const FileName = z.string().regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/, 'a file name without folders');

/** A graph input or output; symbolic dimensions are strings (the batch is `"N"`). */
export const TensorSpec = z.strictObject({
  name: z.string(),
  dtype: z.enum(['float32', 'int64', 'string']),
  shape: z.array(z.union([z.number().int().nonnegative(), z.string()])),
});

/**
 * Graphs that some artifacts have in addition to the three of every autoencoder, each for an operation of its
 * own.
 */
export const HeadName = z.enum(['forecast', 'predict', 'recommend', 'reduce', 'similar']);

export const GraphName = z.enum(['encoder', 'decoder', 'autoencoder', ...HeadName.options]);

export const GraphSpec = z.lazy(() =>
  z.strictObject({
    file: FileName,
    sha256: Sha256,
    bytes: z.number().int().positive(),
    inputs: z.array(TensorSpec),
    outputs: z.array(TensorSpec),
  }),
);

/** Types of tensors in files from elsewhere whose values the numbers of a row become, and text. */
export const FileDtype = z.enum([
  'float32',
  'float64',
  'float16',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'string',
]);

const FileShape = z.lazy(() => z.array(z.union([z.number().int().positive(), z.literal('N')])));

/** The tensors of a file from elsewhere, by its own names; the batch is `"N"`. */
export const FileTensors = z.lazy(() =>
  z.strictObject({
    /** In the order of the values of a row. */
    inputs: z.array(z.strictObject({ name: z.string(), dtype: FileDtype, shape: FileShape })),
    /** Outputs, each with the output of a graph that answers it. */
    outputs: z.array(
      z.strictObject({
        ...{ name: z.string(), dtype: z.enum(['float32', 'int64']), shape: FileShape },
        ...{ graph: GraphName, output: z.string() },
      }),
    ),
  }),
);

/** Operations that a model can offer; the Worker has one route for each. */
export const OperationName = z.enum([
  'encode',
  'reduce',
  'decode',
  'reconstruct',
  'denoise',
  'score',
  'sample',
  'interpolate',
  'traverse',
  'predict',
  'recommend',
  'similar',
  'forecast',
]);

/** The target of `predict`. */
export const Prediction = z.lazy(() =>
  z.strictObject({
    target: z.string().describe('The name of the predicted column; predictions are in its own units.'),
    predictor: z.string().describe('The method that predicts the target from the code.'),
    classes: z
      .array(z.string())
      .describe(
        'Classes of a classifier, in the order of its probabilities; absent for a regressor, which predicts one number.',
      )
      .optional(),
  }),
);

/** The decoder's input in addition to the code: `condition [N, size]`, the last columns of every row. */
export const Condition = z.lazy(() =>
  z.strictObject({
    size: z.number().int().positive().describe('The number of values of a condition.'),
    labels: z
      .array(z.string())
      .describe('The names of the labels, in order, if the condition is a one-hot label.')
      .optional(),
  }),
);

export const FileSpec = z.lazy(() =>
  z.strictObject({
    sha256: Sha256,
    bytes: z.number().int().nonnegative(),
  }),
);

export const Manifest = z.lazy(() =>
  z.strictObject({
    schemaVersion: z.literal(MANIFEST_SCHEMA_VERSION),
    name: ModelName,
    version: ModelVersion,
    /** ISO 8601. The version covers every field except this one and `training.seconds`. */
    createdAt: z.iso.datetime(),
    variant: z.string(),
    recipe: z.strictObject({ name: z.string(), config: z.record(z.string(), z.unknown()) }),
    training: z.strictObject({
      engine: z.string(),
      seed: z.number().int().nonnegative(),
      /** The seed by which rows were drawn and split, if it is another: of a retraining, that of the version before. */
      splitSeed: z.number().int().nonnegative().optional(),
      epochs: z.number().int().nonnegative(),
      bestEpoch: z.number().int().nonnegative(),
      interrupted: z.boolean(),
      /** Why training counts as failed, if the model was kept all the same (`--force`). */
      refused: z.string().optional(),
      /** The model whose weights training started from, as `name@version`; absent if they were random. */
      initial: z.string().optional(),
      seconds: z.number().nonnegative(),
    }),
    features: Features,
    /** Titles and columns of a recommender's items; absent without a table of them. */
    items: ItemTable.optional(),
    /** 0 if the model has no encoder. */
    codeSize: z.number().int().nonnegative(),
    /** Components of the baseline `pca`, if they are not as many as the code has dimensions. */
    pcaComponents: z.number().int().positive().optional(),
    /** Absent if the decoder takes only the code. */
    condition: Condition.optional(),
    /** At least one. Every trained model has the first three; an imported one has those that were given. */
    graphs: z
      .strictObject({
        encoder: GraphSpec.optional(),
        decoder: GraphSpec.optional(),
        autoencoder: GraphSpec.optional(),
        forecast: GraphSpec.optional(),
        predict: GraphSpec.optional(),
        recommend: GraphSpec.optional(),
        reduce: GraphSpec.optional(),
        similar: GraphSpec.optional(),
      })
      .refine((graphs) => Object.keys(graphs).length > 0, 'expected a graph, received none'),
    /** Of the file that an imported model was made of; absent otherwise, and in artifacts of earlier releases. */
    file: FileTensors.optional(),
    operations: z.array(OperationName),
    prediction: Prediction.optional(),
    /** Absent if the model reconstructs nothing, or was imported without rows to measure it on. */
    reconstructionError: ReconstructionError.optional(),
    /**
     * The same for the autoencoder's output `anomaly_score`, if it has one: it replaces the error as the
     * score of a row.
     */
    anomalyScore: ReconstructionError.optional(),
    /** Absent in artifacts of earlier releases. */
    calibration: Calibration.optional(),
    /** Metrics on the test rows, by standard name. */
    metrics: z.record(z.string(), z.number()),
    /** The same metrics for each baseline, on the same rows. */
    baselines: z.record(z.string(), z.record(z.string(), z.number())),
    parity: Parity,
    /** Absent if weights are float32. */
    weights: StoredWeights.optional(),
    data: z.strictObject({
      source: z.string(),
      /** What was given as --data, to read the rows again; absent if the recipe has its own, and for SQL. */
      location: z.string().optional(),
      /** Choices about the columns of the table, made or inferred, by name; absent in artifacts of earlier releases. */
      choices: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
      /** sha256 of every row passed to training, in order. */
      fingerprint: Sha256,
      /** False if the artifact holds no row of the data; absent otherwise. */
      withRows: z.literal(false).optional(),
      /** 0 for a model that was imported without rows. */
      rows: RowCounts,
      /**
       * Rows that thresholds, p-values, predictors and scores were fitted to, and test rows that metrics are of,
       * if these were samples.
       */
      sampled: RowCounts.optional(),
    }),
    /** Versions of latentedge, Node and the runtimes that made the artifact. */
    libraries: z.record(z.string(), z.string()),
    /** Every other file of the artifact except `report.html`, which is rendered from them. */
    files: z.record(FileName, FileSpec),
  }),
);

export type Manifest = z.infer<typeof Manifest>;
/** The manifest of a model that was trained here, which has every part of an autoencoder. */
export type TrainedManifest = Manifest & {
  readonly graphs: PerGraph<GraphSpec>;
  readonly reconstructionError: ReconstructionError;
};
export type GraphName = z.infer<typeof GraphName>;
export type HeadName = z.infer<typeof HeadName>;
/** One value for each graph that an artifact has. */
export type SomeGraphs<Value> = { readonly [name in GraphName]?: Value | undefined };
/** One value for each graph of a model that was trained here. */
export type PerGraph<Value> = Record<Exclude<GraphName, HeadName>, Value> & {
  [head in HeadName]?: Value | undefined;
};
export type GraphSpec = z.infer<typeof GraphSpec>;
export type TensorSpec = z.infer<typeof TensorSpec>;
export type FileDtype = z.infer<typeof FileDtype>;
export type FileTensors = z.infer<typeof FileTensors>;
export type OperationName = z.infer<typeof OperationName>;
export type Prediction = z.infer<typeof Prediction>;
export type Condition = z.infer<typeof Condition>;

/** Returns the graphs that an artifact has, with their names. */
export function graphEntries<Value>(graphs: SomeGraphs<Value>): [GraphName, Value][] {
  return GraphName.options.flatMap((name): [GraphName, Value][] => {
    const value = graphs[name];
    return value === undefined ? [] : [[name, value]];
  });
}

/** Returns the name of the graph that stands for the model: its encoder or, without one, its first graph. */
export function mainGraph({ graphs }: Pick<Manifest, 'graphs'>): GraphName {
  return graphEntries(graphs)[0]![0];
}

/** @throws {Error} if the model has no such graph. */
export function graphSpec({ name, version, graphs }: Manifest, graph: GraphName): GraphSpec {
  const spec = graphs[graph];
  if (spec === undefined) throw new Error(`${name}@${version} has no graph '${graph}'`);
  return spec;
}
