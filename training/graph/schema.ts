/**
 * ONNX's protobuf messages. onnx-proto is the ONNX project's own schema compiled by protobufjs; the alternatives on npm
 * are forks of it or parts of whole inference engines. It stops at IR version 8, which is all that opset 18 needs.
 */
import { createRequire } from 'node:module';
import type * as onnxProto from 'onnx-proto';

// The package is CommonJS whose exports Node cannot see statically, with types that say otherwise.
const required = createRequire(import.meta.url)('onnx-proto') as typeof onnxProto;

export const { AttributeProto, ModelProto, NodeProto, TensorProto } = required.onnx;
export type { onnx } from 'onnx-proto';
