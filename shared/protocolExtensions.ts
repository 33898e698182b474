/**
 * Bodies of Triton's extensions of the Open Inference Protocol: the index of the model repository, the
 * configuration of a model, and statistics
 * (https://github.com/triton-inference-server/server/tree/main/docs/protocol).
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with
// the Worker.
import * as z from 'zod';
import { ModelVersion } from './manifest.ts';
import { Datatype, ModelAddress, TensorName } from './protocol.ts';

const served = {
  name: ModelAddress,
  version: ModelVersion.describe('The version of the model.'),
};

/** The body of `POST /v2/repository/index`; it may be empty. */
export const RepositoryIndexRequest = z.lazy(() =>
  z.object({ ready: z.boolean().describe('True to list only graphs that are ready.').optional() }),
);

/** `POST /v2/repository/index` */
export const RepositoryIndex = z.lazy(() =>
  z.array(
    z.strictObject({
      ...served,
      state: z
        .enum(['READY', 'UNAVAILABLE'])
        .describe(
          'READY: served, and loaded on first use; `GET .../ready` reports if it loads. UNAVAILABLE: this Worker cannot run it, or its last load failed.',
        ),
      reason: z.string().describe('Empty, or why the graph is unavailable.'),
    }),
  ),
);

/** An input or output in a configuration. */
const ConfigTensor = z.lazy(() =>
  z.strictObject({
    name: TensorName,
    data_type: z
      .enum([...Datatype.exclude(['BYTES']).options.map((name) => `TYPE_${name}` as const), 'TYPE_STRING'])
      .describe('The element type.'),
    dims: z
      .array(z.number().int().min(-1))
      .describe(
        'The shape, without the rows if there is a `max_batch_size`; -1 is a dimension that each request chooses.',
      ),
    reshape: z
      .strictObject({
        shape: z.array(z.number().int()).describe('The shape of the tensor, without the rows.'),
      })
      .describe('Only for a tensor of one value per row, which has no other dimension.')
      .optional(),
  }),
);

/**
 * `GET /v2/models/{model}[/versions/{version}]/config`: the part of Triton's ModelConfig that has a meaning
 * here.
 */
export const ModelConfig = z.lazy(() =>
  z.strictObject({
    name: ModelAddress,
    platform: z.literal('onnxruntime_onnx').describe('ONNX on onnxruntime.'),
    backend: z.literal('onnxruntime').describe('The runtime.'),
    max_batch_size: z
      .number()
      .int()
      .nonnegative()
      .describe('The rows of a request; 0 if the first dimension of some tensors is not that of the rows.'),
    input: z.array(ConfigTensor).describe('The inputs of the graph.'),
    output: z.array(ConfigTensor).describe('The outputs of the graph.'),
    model_transaction_policy: z
      .strictObject({ decoupled: z.literal(false).describe('One answer per request.') })
      .describe('The relation between requests and answers.'),
  }),
);

const Duration = z.lazy(() =>
  z.strictObject({
    count: z.number().int().nonnegative().describe('How often it was measured.'),
    ns: z.number().int().nonnegative().describe('The sum, in nanoseconds.'),
  }),
);

const computed = {
  compute_input: Duration.describe('Reading the inputs of a request.'),
  compute_infer: Duration.describe('Running the graph.'),
  compute_output: Duration.describe('Writing the answer.'),
};

/** `GET /v2/models[/{model}[/versions/{version}]]/stats` */
export const InferenceStatistics = z.lazy(() =>
  z.strictObject({
    model_stats: z
      .array(
        z.strictObject({
          ...served,
          last_inference: z
            .number()
            .int()
            .nonnegative()
            .describe('The time of the last request, in milliseconds since the epoch; 0 if there was none.'),
          inference_count: z.number().int().nonnegative().describe('Rows of successful requests.'),
          execution_count: z.number().int().nonnegative().describe('Runs of the graph.'),
          inference_stats: z
            .strictObject({
              success: Duration.describe('Successful requests.'),
              fail: Duration.describe('Requests answered with an error.'),
              queue: Duration.describe('Waiting for the runtime.'),
              ...computed,
              cache_hit: Duration.describe('Always 0: answers are not cached.'),
              cache_miss: Duration.describe('Always 0: answers are not cached.'),
            })
            .describe('Sums over all requests.'),
          batch_stats: z
            .array(
              z.strictObject({
                batch_size: z.number().int().positive().describe('The number of rows.'),
                ...computed,
              }),
            )
            .describe('Sums by the number of rows, for up to 100 numbers.'),
        }),
      )
      .describe(
        'Inference requests of the protocol that this isolate has answered, for each graph of each version.',
      ),
  }),
);

export type RepositoryIndex = z.infer<typeof RepositoryIndex>;
export type ModelConfig = z.infer<typeof ModelConfig>;
export type InferenceStatistics = z.infer<typeof InferenceStatistics>;
