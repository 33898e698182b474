/** Requests and answers of the Open Inference Protocol, written and read as its specification says, without our code. */

import { float16Bits } from '../../../shared/float16.ts';
import { InferResponse } from '../../../shared/protocol.ts';
import { asFloat32 } from './asFloat32.ts';

export interface TestTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

/** Elements as the binary tensor data extension has them. */
export function tensorBytes({ datatype, data }: Pick<TestTensor, 'datatype' | 'data'>): Buffer {
  return Buffer.concat(data.map((value) => ELEMENT_BYTES[datatype]!(value)));
}

const ELEMENT_BYTES: Readonly<Record<string, (value: number | string) => Buffer>> = {
  FP16: written(2, (view, value) => view.setUint16(0, float16Bits(value), true)),
  FP32: written(4, (view, value) => view.setFloat32(0, value, true)),
  FP64: written(8, (view, value) => view.setFloat64(0, value, true)),
  BOOL: written(1, (view, value) => view.setUint8(0, value)),
  INT8: written(1, (view, value) => view.setInt8(0, value)),
  INT16: written(2, (view, value) => view.setInt16(0, value, true)),
  INT32: written(4, (view, value) => view.setInt32(0, value, true)),
  INT64: written(8, (view, value) => view.setBigInt64(0, BigInt(value), true)),
  UINT8: written(1, (view, value) => view.setUint8(0, value)),
  UINT16: written(2, (view, value) => view.setUint16(0, value, true)),
  UINT32: written(4, (view, value) => view.setUint32(0, value, true)),
  UINT64: written(8, (view, value) => view.setBigUint64(0, BigInt(value), true)),
  BYTES(value) {
    const text = Buffer.from(String(value));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([length, text]);
  },
};

function written(size: number, write: (view: DataView, value: number) => void) {
  return (value: number | string): Buffer => {
    const bytes = Buffer.alloc(size);
    write(new DataView(bytes.buffer, bytes.byteOffset, size), Number(value));
    return bytes;
  };
}

/** A body of JSON and what is behind it, with its headers; the JSON is `padding` spaces longer than it need be. */
export function binaryRequest(request: object, behind: readonly Uint8Array[], padding = 0) {
  const json = Buffer.from(JSON.stringify(request) + ' '.repeat(padding));
  const headers: Record<string, string> = { 'Inference-Header-Content-Length': `${json.length}` };
  return { method: 'POST', headers, body: Buffer.concat([json, ...behind]) };
}

/** The same request with every input binary, and any other members. */
export function binaryInputs(inputs: readonly TestTensor[], others: object = {}, padding = 0) {
  const behind = inputs.map(tensorBytes);
  const described = inputs.map(({ data: _, ...input }, i) => {
    return { ...input, parameters: { binary_data_size: behind[i]!.length } };
  });
  return binaryRequest({ inputs: described, ...others }, behind, padding);
}

/** An answer to `infer`: its JSON, and all outputs with their elements, wherever these were. */
export async function readAnswer(response: Response) {
  const bytes = Buffer.from(await response.arrayBuffer());
  const header = response.headers.get('Inference-Header-Content-Length');
  const length = header === null ? bytes.length : Number(header);
  const json = InferResponse.parse(JSON.parse(bytes.toString('utf8', 0, length)));
  let offset = length;
  const outputs = json.outputs.map(({ name, datatype, shape, parameters, data }) => {
    const size = parameters?.binary_data_size;
    if (size === undefined)
      return { name, datatype, shape, data: asFloat32(data ?? []) as (string | number)[] };
    const own = bytes.subarray(offset, offset + size);
    offset += size;
    return { name, datatype, shape, data: elements(own, datatype) };
  });
  if (offset !== bytes.length) throw new Error(`${bytes.length - offset} bytes belong to no output`);
  return { json, outputs };
}

function elements(bytes: Buffer, datatype: string): number[] {
  const width = datatype === 'INT64' ? 8 : 4;
  return Array.from({ length: bytes.length / width }, (_, i) =>
    datatype === 'INT64' ? Number(bytes.readBigInt64LE(i * width)) : bytes.readFloatLE(i * width),
  );
}
