/**
 * The bodies of the Open Inference Protocol, version 2, over HTTP: what KServe and Triton speak
 * (https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol).
 *
 * Unlike in our own API, unknown members and parameters are ignored: clients send several that mean nothing here.
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with the Worker.
import * as z from 'zod';
import { ModelVersion } from './manifest.ts';

/** The protocol's names for the element types of our graphs. */
export const Datatype = z.enum(['FP32', 'INT64', 'BYTES']);

const Size = z.number().int().nonnegative();

/** Every element of a list that is wrong becomes an object in an error: lists are bounded before anything in them is looked at. */
const MAX_TENSORS = 10_000;
const MAX_RANK = 16;

/** `GET /v2` */
export const ServerMetadata = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    version: z.string(),
    extensions: z.array(z.string()),
  }),
);

/** `GET /v2/health/live` */
export const ServerLive = z.lazy(() => z.strictObject({ live: z.literal(true) }));

/** `GET /v2/health/ready` */
export const ServerReady = z.lazy(() => z.strictObject({ ready: z.literal(true) }));

/** `GET /v2/models/{model}[/versions/{version}]/ready`; a model that is not ready is an error. */
export const ModelReady = z.lazy(() => z.strictObject({ name: z.string(), ready: z.literal(true) }));

/** An input or output of a graph; -1 is a dimension that each request chooses, such as the number of rows. */
export const TensorMetadata = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    datatype: Datatype,
    shape: z.array(z.number().int().min(-1)),
  }),
);

/** `GET /v2/models/{model}[/versions/{version}]` */
export const ModelMetadata = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    versions: z.array(ModelVersion).describe('The one that answers requests without a version first.'),
    platform: z.literal('onnxruntime_onnx'),
    inputs: z.array(TensorMetadata),
    outputs: z.array(TensorMetadata),
  }),
);

/** The body of `POST /v2/repository/index`; it may be empty. */
export const RepositoryIndexRequest = z.lazy(() =>
  z.object({
    ready: z.boolean().describe('Only models that are ready; all that are listed here are.').optional(),
  }),
);

/** `POST /v2/repository/index` */
export const RepositoryIndex = z.lazy(() =>
  z.array(
    z.strictObject({
      name: z.string(),
      version: ModelVersion,
      state: z.literal('READY').describe('Served: loaded on first use. Whether it loads, its `ready` says.'),
      reason: z.string(),
    }),
  ),
);

/** An input in a request, its data in JSON or, with `binary_data_size`, behind the JSON. */
export const RequestInput = z.lazy(() =>
  z.object({
    name: z.string(),
    shape: z.array(Size).max(MAX_RANK),
    datatype: z.string(),
    parameters: z
      .looseObject({
        binary_data_size: Size.describe('Bytes of this input behind the JSON.').optional(),
        shared_memory_region: z.undefined('shared memory is not offered').optional(),
      })
      .optional(),
    data: z
      .custom<readonly unknown[]>(Array.isArray, 'expected an array')
      .describe('Flat in row-major order, or nested as the shape says.')
      .meta({ type: 'array', items: {} })
      .optional(),
  }),
);

/** An output that a request asks for. */
export const RequestOutput = z.lazy(() =>
  z.object({
    name: z.string(),
    parameters: z
      .looseObject({
        binary_data: z.boolean().describe('Answer it behind the JSON.').optional(),
        classification: z.undefined('classification is not offered').optional(),
        shared_memory_region: z.undefined('shared memory is not offered').optional(),
      })
      .optional(),
  }),
);

/** The JSON of `POST /v2/models/{model}[/versions/{version}]/infer` */
export const InferRequest = z.lazy(() =>
  z.object({
    id: z.string().describe('Comes back in the answer.').optional(),
    parameters: z
      .looseObject({
        binary_data_output: z
          .boolean()
          .describe('Answer outputs behind the JSON, those that do not say otherwise.')
          .optional(),
      })
      .optional(),
    inputs: z.array(RequestInput).max(MAX_TENSORS),
    outputs: z.array(RequestOutput).max(MAX_TENSORS).describe('All of them where not given.').optional(),
  }),
);

/** An output in an answer, its data in JSON or, with `binary_data_size`, behind the JSON. */
export const ResponseOutput = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    datatype: Datatype,
    shape: z.array(Size),
    parameters: z.strictObject({ binary_data_size: Size }).optional(),
    data: z.array(z.union([z.number(), z.string()])).optional(),
  }),
);

/** The JSON of an answer to `infer`. */
export const InferResponse = z.lazy(() =>
  z.strictObject({
    model_name: z.string(),
    model_version: ModelVersion,
    id: z.string().optional(),
    outputs: z.array(ResponseOutput),
  }),
);

/** Every error under `/v2`. */
export const ProtocolError = z.lazy(() => z.strictObject({ error: z.string() }));

export type Datatype = z.infer<typeof Datatype>;
export type ServerMetadata = z.infer<typeof ServerMetadata>;
export type ServerLive = z.infer<typeof ServerLive>;
export type ServerReady = z.infer<typeof ServerReady>;
export type ModelReady = z.infer<typeof ModelReady>;
export type TensorMetadata = z.infer<typeof TensorMetadata>;
export type ModelMetadata = z.infer<typeof ModelMetadata>;
export type RepositoryIndex = z.infer<typeof RepositoryIndex>;
export type InferRequest = z.infer<typeof InferRequest>;
export type RequestInput = z.infer<typeof RequestInput>;
export type ResponseOutput = z.infer<typeof ResponseOutput>;
export type InferResponse = z.infer<typeof InferResponse>;
export type ProtocolError = z.infer<typeof ProtocolError>;
