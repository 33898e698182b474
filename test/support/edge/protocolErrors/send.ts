/** Requests under `/v2`, and tensors that are right, to be made wrong. */
import type { EdgeWorker } from '../edgeWorker.ts';
import { binaryInputs, binaryRequest, type TestTensor } from '../inferMessages.ts';

export type Send = (worker: EdgeWorker) => Promise<Response>;
export type Case = readonly [name: string, send: Send, error: string | RegExp];

export const FP32 = (shape: number[], data: readonly unknown[] = new Array(6).fill(1)) => {
  return { name: 'rows', datatype: 'FP32', shape, data };
};
export const ROW = FP32([1, 6]);
export const BINARY: TestTensor = { name: 'rows', datatype: 'FP32', shape: [1, 6], data: [1, 2, 3, 4, 5, 6] };
export const CITY: TestTensor = { name: 'city', datatype: 'BYTES', shape: [1, 1], data: ['Rome'] };
export const NUMBERS = ['age', 'height', 'member'].map((name) => {
  return { name, datatype: 'FP32', shape: [1, 1], data: [1] };
});
export const ITEMS: TestTensor = { name: 'items', datatype: 'INT64', shape: [1, 2], data: [0, 1] };
export const K: TestTensor = { name: 'k', datatype: 'INT64', shape: [1], data: [2] };

export const get =
  (path: string, init?: RequestInit): Send =>
  ({ request }) =>
    request(`/v2${path}`, init);
export const post =
  (path: string, body: unknown): Send =>
  ({ post: send }) =>
    send(`/v2${path}`, body);
export const infer = (body: unknown, model = 'linear') => post(`/models/${model}/infer`, body);
export const inputs = (...given: unknown[]) => infer({ inputs: given });
export const binary = (init: RequestInit, model = 'linear') => get(`/models/${model}/infer`, init);
export const withHeader = (length: string, init = binaryInputs([BINARY])): Send =>
  binary({ ...init, headers: { 'Inference-Header-Content-Length': length } });
/** A BYTES input made of these bytes. */
export const text = (bytes: Buffer): Send => {
  const { data: _, ...city } = CITY;
  const described = { ...city, parameters: { binary_data_size: bytes.length } };
  return binary(binaryRequest({ inputs: [described, ...NUMBERS] }, [bytes]), 'columns');
};
export const recommend = (items: object, k: object = K) => infer({ inputs: [items, k] }, 'items.recommend');
export const shared = { shared_memory_region: 'x', shared_memory_byte_size: 24 };
