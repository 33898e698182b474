/**
 * The artifact's manifest: the one contract between training, which writes it, and the Worker, which reads it.
 *
 * Breaking changes raise `MANIFEST_SCHEMA_VERSION`; a reader refuses a manifest newer than itself.
 *
 * Schemas of objects are `lazy`: making them takes a Worker a good part of its start, and most of them are for documents, or for
 * models that come from elsewhere.
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with the Worker.
import * as z from 'zod';
import { Features } from './features.ts';
import { Calibration, Parity, ReconstructionError, StoredWeights } from './measured.ts';

export const MANIFEST_SCHEMA_VERSION = 1;

/**
 * Model names appear in URLs, folder names, keys of R2 (1024 bytes) and indexes of Workers Analytics Engine (96 bytes):
 * lower-case words joined by hyphens.
 */
export const ModelName = z
  .string()
  .max(96, 'a model name has up to 96 characters')
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'a model name is lower-case letters and digits, joined by single hyphens',
  );

/** First 12 hex digits of the artifact's content hash. */
export const ModelVersion = z.string().regex(/^[0-9a-f]{12}$/, 'a version is 12 lower-case hex digits');

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file beside the manifest, never a path. */
const FileName = z.string().regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/, 'a file name without folders');

/** A graph input or output; symbolic dimensions are strings (the batch is `"N"`). */
export const TensorSpec = z.strictObject({
  name: z.string(),
  dtype: z.enum(['float32', 'int64', 'string']),
  shape: z.array(z.union([z.number().int().nonnegative(), z.string()])),
});

/** Graphs that some artifacts have beside the three of every artifact, each for an operation of its own. */
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

/** What `predict` answers. */
export const Prediction = z.lazy(() =>
  z.strictObject({
    /** Name of the column that is predicted, in its own units. */
    target: z.string(),
    /** How the prediction is made of the code. */
    predictor: z.string(),
    /** Of a classifier: what its answers are the probabilities of, in order; others answer a number in the unit of the target. */
    classes: z.array(z.string()).optional(),
  }),
);

/** What a decoder takes beside the code: `condition [N, size]`, the last columns of every row. */
export const Condition = z.lazy(() =>
  z.strictObject({
    size: z.number().int().positive(),
    /** Where the condition is one label of several, 1 in its column and 0 elsewhere: their names, in order. */
    labels: z.array(z.string()).optional(),
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
    /** ISO 8601; with `training.seconds` the only fields that the version does not cover. */
    createdAt: z.iso.datetime(),
    variant: z.string(),
    recipe: z.strictObject({ name: z.string(), config: z.record(z.string(), z.unknown()) }),
    training: z.strictObject({
      engine: z.string(),
      seed: z.number().int().nonnegative(),
      epochs: z.number().int().nonnegative(),
      bestEpoch: z.number().int().nonnegative(),
      interrupted: z.boolean(),
      /** The model whose weights training began with, as `name@version`; absent where it began with random ones. */
      initial: z.string().optional(),
      seconds: z.number().nonnegative(),
    }),
    features: Features,
    codeSize: z.number().int().positive(),
    /** Absent where the decoder takes nothing but the code. */
    condition: Condition.optional(),
    graphs: z.strictObject({
      encoder: GraphSpec,
      decoder: GraphSpec,
      autoencoder: GraphSpec,
      forecast: GraphSpec.optional(),
      predict: GraphSpec.optional(),
      recommend: GraphSpec.optional(),
      reduce: GraphSpec.optional(),
      similar: GraphSpec.optional(),
    }),
    operations: z.array(OperationName),
    prediction: Prediction.optional(),
    reconstructionError: ReconstructionError,
    /** The same of the output `anomaly_score` of the autoencoder, where it has one: rows are judged by it in place of their error. */
    anomalyScore: ReconstructionError.optional(),
    /** Absent in artifacts of earlier versions. */
    calibration: Calibration.optional(),
    /** Metrics on the test rows, by standard name. */
    metrics: z.record(z.string(), z.number()),
    /** The same metrics for each baseline, on the same rows. */
    baselines: z.record(z.string(), z.record(z.string(), z.number())),
    parity: Parity,
    /** Absent where weights are float32. */
    weights: StoredWeights.optional(),
    data: z.strictObject({
      source: z.string(),
      /** sha256 over every row handed to training, in order. */
      fingerprint: Sha256,
      rows: z.strictObject({
        train: z.number().int().positive(),
        validation: z.number().int().nonnegative(),
        test: z.number().int().nonnegative(),
      }),
    }),
    /** Versions of latentedge, Node and the runtimes that made the artifact. */
    libraries: z.record(z.string(), z.string()),
    /** Every other file of the artifact but `report.html`, which is drawn from them. */
    files: z.record(FileName, FileSpec),
  }),
);

export type Manifest = z.infer<typeof Manifest>;
export type GraphName = z.infer<typeof GraphName>;
export type HeadName = z.infer<typeof HeadName>;
/** One value for each graph that an artifact has. */
export type PerGraph<Value> = Record<Exclude<GraphName, HeadName>, Value> & {
  [head in HeadName]?: Value | undefined;
};
export type GraphSpec = z.infer<typeof GraphSpec>;
export type TensorSpec = z.infer<typeof TensorSpec>;
export type OperationName = z.infer<typeof OperationName>;
export type Prediction = z.infer<typeof Prediction>;
export type Condition = z.infer<typeof Condition>;

/** The graphs that there are, by name. */
export function graphEntries<Value>(graphs: Readonly<PerGraph<Value>>): [GraphName, Value][] {
  return GraphName.options.flatMap((name): [GraphName, Value][] => {
    const value = graphs[name];
    return value === undefined ? [] : [[name, value]];
  });
}

/** @throws {Error} when the model has no such graph. */
export function graphSpec({ name, version, graphs }: Manifest, graph: GraphName): GraphSpec {
  const spec = graphs[graph];
  if (spec === undefined) throw new Error(`${name}@${version} has no graph '${graph}'`);
  return spec;
}
