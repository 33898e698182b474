/**
 * Bodies of the Open Inference Protocol, version 2, over HTTP, as used by KServe and Triton
 * (https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol).
 *
 * Unlike in our own API, unknown members and parameters are ignored: clients send several that have no
 * meaning here.
 */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with
// the Worker.
import * as z from 'zod';
import { ModelVersion } from './manifest.ts';

/** The protocol's names for element types: our graphs have three, inputs of imported files may have any. */
export const Datatype = z.enum([
  'FP16',
  'FP32',
  'FP64',
  'BOOL',
  'BYTES',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
]);

const Size = z.number().int().nonnegative();

/** In the protocol, a model is one graph. */
export const ModelAddress = z
  .string()
  .describe(
    'The graph, as `model.graph`, or `model` for its encoder; for an imported model, `model` is the file that it was made of.',
  );
export const TensorName = z.string().describe('The name of the tensor.');
const TensorDatatype = Datatype.describe('The element type.');

/**
 * Lists are bounded before their elements are checked, since every wrong element becomes an object in the
 * error.
 */
const MAX_TENSORS = 10_000;
const MAX_RANK = 16;

/** `GET /v2` */
export const ServerMetadata = z.lazy(() =>
  z.strictObject({
    name: z.string().describe('The name of the server.'),
    version: z.string().describe('The version of latentedge.'),
    extensions: z.array(z.string()).describe('The supported extensions of the protocol.'),
  }),
);

/** `GET /v2/health/live` */
export const ServerLive = z.lazy(() =>
  z.strictObject({ live: z.literal(true).describe('The server is up.') }),
);

/** `GET /v2/health/ready` */
export const ServerReady = z.lazy(() =>
  z.strictObject({ ready: z.literal(true).describe('At least one model is served.') }),
);

/** `GET /v2/models/{model}[/versions/{version}]/ready`; a model that is not ready is an error. */
export const ModelReady = z.lazy(() =>
  z.strictObject({
    name: ModelAddress,
    ready: z.literal(true).describe('The graph is loaded.'),
  }),
);

/** An input or output of a graph. */
export const TensorMetadata = z.lazy(() =>
  z.strictObject({
    name: TensorName,
    datatype: TensorDatatype,
    shape: z
      .array(z.number().int().min(-1))
      .describe('The shape; -1 is a dimension that each request chooses, such as the number of rows.'),
  }),
);

/** `GET /v2/models/{model}[/versions/{version}]` */
export const ModelMetadata = z.lazy(() =>
  z.strictObject({
    name: ModelAddress,
    versions: z
      .array(ModelVersion)
      .describe('The versions that have the graph; the first one answers requests without a version.'),
    platform: z.literal('onnxruntime_onnx').describe('ONNX on onnxruntime.'),
    inputs: z.array(TensorMetadata).describe('The inputs of the graph.'),
    outputs: z.array(TensorMetadata).describe('The outputs of the graph.'),
  }),
);

/** An input in a request; its data is in the JSON or, with `binary_data_size`, after it. */
export const RequestInput = z.lazy(() =>
  z.object({
    name: TensorName,
    shape: z.array(Size).max(MAX_RANK).describe('The shape.'),
    datatype: z
      .string()
      .describe(
        'The element type: FP32, INT64 or BYTES; for an imported file, the one that its metadata names.',
      ),
    parameters: z
      .looseObject({
        binary_data_size: Size.describe('The number of bytes of this input after the JSON.').optional(),
        shared_memory_region: z.undefined('shared memory is not offered').describe('Not offered.').optional(),
      })
      .describe('Parameters of this input.')
      .optional(),
    data: z
      .custom<readonly unknown[]>(Array.isArray, 'expected an array')
      .describe('The elements: flat, in row-major order, or nested as in the shape.')
      .meta({ type: 'array', items: {} })
      .optional(),
  }),
);

/** An output requested by name. */
export const RequestOutput = z.lazy(() =>
  z.object({
    name: TensorName,
    parameters: z
      .looseObject({
        binary_data: z.boolean().describe('True to send this output as bytes after the JSON.').optional(),
        classification: z.undefined('classification is not offered').describe('Not offered.').optional(),
        shared_memory_region: z.undefined('shared memory is not offered').describe('Not offered.').optional(),
      })
      .describe('Parameters of this output.')
      .optional(),
  }),
);

/** The JSON of `POST /v2/models/{model}[/versions/{version}]/infer` */
export const InferRequest = z.lazy(() =>
  z.object({
    id: z.string().max(1000).describe('An id of the request, returned in the answer.').optional(),
    parameters: z
      .looseObject({
        binary_data_output: z
          .boolean()
          .describe(
            'True to send outputs as bytes after the JSON, except those with `binary_data` of their own.',
          )
          .optional(),
      })
      .describe('Parameters of the request.')
      .optional(),
    inputs: z.array(RequestInput).max(MAX_TENSORS).describe('Every input of the graph, once, in any order.'),
    outputs: z
      .array(RequestOutput)
      .max(MAX_TENSORS)
      .describe('The requested outputs; all by default.')
      .optional(),
  }),
);

/** An output in an answer; its data is in the JSON or, with `binary_data_size`, after it. */
export const ResponseOutput = z.lazy(() =>
  z.strictObject({
    name: TensorName,
    datatype: TensorDatatype,
    shape: z.array(Size).describe('The shape.'),
    parameters: z
      .strictObject({ binary_data_size: Size.describe('The number of bytes of this output after the JSON.') })
      .describe('Only for an output sent as bytes.')
      .optional(),
    data: z
      .array(z.union([z.number(), z.string(), z.null()]))
      .describe(
        'The elements in row-major order, null for those of a row that cannot be answered; absent for an output sent as bytes.',
      )
      .optional(),
  }),
);

/** The JSON of an answer to `infer`. */
export const InferResponse = z.lazy(() =>
  z.strictObject({
    model_name: ModelAddress,
    model_version: ModelVersion.describe('The version that answered.'),
    id: z.string().describe('The id of the request, if it had one.').optional(),
    parameters: z
      .strictObject({
        unanswered_rows: z
          .number()
          .int()
          .positive()
          .describe('The number of rows that cannot be answered: their float32 values are NaN.'),
        unanswered_reason: z.string().describe('What is wrong with the first of them.'),
      })
      .describe('Only if some rows cannot be answered.')
      .optional(),
    outputs: z.array(ResponseOutput).describe('The requested outputs, in the order of the request.'),
  }),
);

/** Every error under `/v2`. */
export const ProtocolError = z.lazy(() =>
  z.strictObject({ error: z.string().describe('The fault of the request, and how to correct it.') }),
);

export type Datatype = z.infer<typeof Datatype>;
export type ServerMetadata = z.infer<typeof ServerMetadata>;
export type ServerLive = z.infer<typeof ServerLive>;
export type ServerReady = z.infer<typeof ServerReady>;
export type ModelReady = z.infer<typeof ModelReady>;
export type TensorMetadata = z.infer<typeof TensorMetadata>;
export type ModelMetadata = z.infer<typeof ModelMetadata>;
export type InferRequest = z.infer<typeof InferRequest>;
export type RequestInput = z.infer<typeof RequestInput>;
export type ResponseOutput = z.infer<typeof ResponseOutput>;
export type InferResponse = z.infer<typeof InferResponse>;
export type ProtocolError = z.infer<typeof ProtocolError>;
