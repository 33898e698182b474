/**
 * ONNX's protobuf messages. onnx-proto is the ONNX project's own schema compiled by protobufjs; the
 * alternatives on npm are forks of it or parts of inference engines. It ends at IR version 8, which is enough
 * for opset 18.
 */
import { createRequire } from 'node:module';
import type * as onnxProto from 'onnx-proto';

// The package is CommonJS, and its types declare named exports that Node cannot detect statically.
const required = createRequire(import.meta.url)('onnx-proto') as typeof onnxProto;

export const { AttributeProto, ModelProto, NodeProto, TensorProto } = required.onnx;
export type { onnx } from 'onnx-proto';
