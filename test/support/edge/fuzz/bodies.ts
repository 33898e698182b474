/** Bodies that models of the Worker under test answer, for every operation and every graph. */

import * as fc from 'fast-check';
import { encode as encodePng } from 'fast-png';
import { imageRowsOf } from '../../../../shared/imageRows.ts';
import {
  type GraphName,
  graphEntries,
  graphSpec,
  type Manifest,
  type OperationName,
} from '../../../../shared/manifest.ts';
import { CONDITIONAL } from '../../artifacts/conditionalArtifact.ts';
import { CODE_SIZE } from '../../artifacts/linearArtifact.ts';
import { cell, matrix } from './values.ts';

/** A body in JSON, or in bytes with their type. */
export type Body = { readonly json: unknown } | { readonly bytes: Uint8Array; readonly type: string };

const PEOPLE = fc.record(
  {
    age: fc.oneof(cell, fc.constant(null)),
    city: fc.constantFrom('Rome', 'Paris', 'Oslo', '', null),
    height: cell,
    member: fc.boolean(),
  },
  { requiredKeys: ['height', 'member'] },
);

/** Rows as arrays and by name. */
function rowsOf(manifest: Manifest, min = 1, max = 4): fc.Arbitrary<unknown[]> {
  const { names, columns, count } = manifest.features;
  if (columns) return fc.array(PEOPLE, { minLength: min, maxLength: max });
  const rows = matrix(count, min, max);
  if (names === null) return rows;
  const named = (row: number[]) => Object.fromEntries(row.map((value, i) => [names[i]!, value]));
  return fc
    .tuple(rows, fc.nat(3))
    .map(([each, mask]) => each.map((row, i) => ((mask >> i) & 1 ? named(row) : row)));
}

const label = fc.constantFrom<string | number>(...CONDITIONAL.labels, 0, 1, 2);
const item = fc.constantFrom<string | number>('a', 'b', 'c', 'd', 'e', 'zzz', 9, '__proto__');
const bytesOf = (values: readonly (readonly number[])[]): Uint8Array =>
  new Uint8Array(new Float32Array(values.flat()).buffer);

/** `{rows}` as JSON or bytes; images as PNG too. */
function rowsBody(manifest: Manifest): fc.Arbitrary<Body> {
  const json = rowsOf(manifest).map((rows) => ({ json: { rows } }));
  const { columns, count } = manifest.features;
  if (columns) return json;
  const binary = matrix(count).map((rows) => ({ bytes: bytesOf(rows), type: 'application/octet-stream' }));
  const image = imageRowsOf(manifest.features);
  if (image === undefined) return fc.oneof(json, binary);
  const { height, width } = image;
  const png = fc
    .tuple(
      fc.uint8Array({ minLength: 24, maxLength: 24 }),
      fc.constantFrom(1, 2, 3, 4),
      fc.constantFrom(8, 16),
    )
    .map(([pixels, channels, depth]): Body => {
      const values = pixels.slice(0, height * width * channels);
      const data = depth === 8 ? values : Uint16Array.from(values, (value) => value * 257);
      return { bytes: encodePng({ width, height, data, channels, depth: depth as 8 }), type: 'image/png' };
    });
  return fc.oneof(json, binary, png);
}

type Members = Record<string, fc.Arbitrary<unknown>>;

/** These members, and some of those that may be left out. */
function members(needed: Members, optional: Members = {}): fc.Arbitrary<Body> {
  const requiredKeys = Object.keys(needed);
  return fc.record({ ...needed, ...optional }, { requiredKeys }).map((json) => ({ json }));
}

function labelOf({ condition }: Manifest): Members {
  return condition ? { label } : {};
}

/** A walk from rows or codes. */
function walk(manifest: Manifest, ends: number, needed: Members, optional: Members): fc.Arbitrary<Body> {
  const others = { ...needed, ...labelOf(manifest) };
  return fc.oneof(
    members({ codes: matrix(CODE_SIZE, ends, ends), ...others }, optional),
    members({ rows: rowsOf(manifest, ends, ends), ...others }, optional),
  );
}

const steps = fc.integer({ min: 2, max: 8 });
const finite = fc.integer({ min: -1e6, max: 1e6 });
const k = fc.integer({ min: 1, max: 1000 });

const BODIES: { readonly [Name in OperationName]?: (manifest: Manifest) => fc.Arbitrary<Body> } = {
  decode: ({ condition }) =>
    matrix(CODE_SIZE).chain((codes): fc.Arbitrary<Body> => {
      const size = { minLength: codes.length, maxLength: codes.length };
      if (condition) return fc.array(label, size).map((labels) => ({ json: { codes, labels } }));
      return fc.constantFrom<Body>(
        { json: { codes } },
        { bytes: bytesOf(codes), type: 'application/octet-stream' },
      );
    }),
  sample: (manifest) =>
    members(labelOf(manifest), {
      n: fc.integer({ min: 1, max: 8 }),
      seed: fc.integer({ min: 0, max: 0xffffffff }),
      temperature: fc.integer({ min: 0, max: 40 }).map((quarters) => quarters / 4),
    }),
  interpolate: (manifest) => walk(manifest, 2, {}, { steps }),
  traverse: (manifest) =>
    walk(manifest, 1, { dimension: fc.nat(CODE_SIZE - 1) }, { steps, from: finite, to: finite }),
  recommend: ({ name }) => {
    const ids = fc.array(item, { maxLength: 6 });
    const where = fc.constantFrom(
      {},
      { kind: 'pet' },
      { in_stock: true },
      { legs: { min: 5 } },
      { legs: [4, 6] },
    );
    const filters = { excludeSeen: fc.boolean(), allow: ids, deny: ids, where };
    const of = (asked: { readonly [member: string]: fc.Arbitrary<unknown> }) =>
      members(asked, name === 'shop' ? { k, ...filters } : { k });
    return fc.oneof(of({ items: ids }), of({ users: fc.array(ids, { minLength: 1, maxLength: 4 }) }));
  },
  similar: () => members({ item: fc.constantFrom('a', 'b', 'c', 'd', 'e') }, { k }),
};

/** A body that the model answers. */
export function operationBody(manifest: Manifest, name: OperationName): fc.Arbitrary<Body> {
  return (BODIES[name] ?? rowsBody)(manifest);
}

/** Query parameters that the operation takes, as text. */
export function queryOf(name: OperationName): fc.Arbitrary<string> {
  const queries: Partial<Record<OperationName, string[]>> = {
    encode: ['', '', '?include=log_variance', '?dtype=int8', '?sparse=true', '?sparse=false&dtype=int8'],
    reduce: ['', '?dims=2', '?dims=3'],
    score: ['', '?minConfidence=0.9', '?top=0', '?top=100&threshold=0', '?threshold=1e30&top=2', '?top=%31'],
  };
  return fc.constantFrom(...(queries[name] ?? ['']));
}

/** An input of a graph: its tensor's data for `rows` rows. */
function tensorData(name: string, dtype: string, count: number): fc.Arbitrary<(number | string)[]> {
  const length = { minLength: count, maxLength: count };
  if (dtype === 'string') return fc.array(fc.constantFrom('Rome', 'Oslo', 'ä漢🎲'), length);
  if (dtype === 'int64') return fc.array(fc.integer({ min: name === 'k' ? 1 : 0, max: 4 }), length);
  return fc.array(cell, length);
}

/** A graph's inputs as the Open Inference Protocol has them, with their data in JSON. */
export function inferInputs(manifest: Manifest, graph: GraphName) {
  const { inputs, outputs } = graphSpec(manifest, graph);
  const datatypes = { float32: 'FP32', int64: 'INT64', string: 'BYTES' } as const;
  return fc.integer({ min: 1, max: 4 }).chain((rows) => {
    const tensors = inputs.map(({ name, dtype, shape: wanted }) => {
      const shape = wanted.map((size) => (size === 'N' ? rows : typeof size === 'string' ? 3 : size));
      const count = shape.reduce((product, size) => product * size, 1);
      return tensorData(name, dtype, count).map((data) => ({
        name,
        datatype: datatypes[dtype],
        shape,
        data,
      }));
    });
    return fc.tuple(fc.tuple(...tensors), fc.subarray(outputs.map(({ name }) => name)));
  });
}

/** Every graph of a model by the name that the protocol has for it. */
export function graphsOf(manifest: Manifest): GraphName[] {
  return graphEntries(manifest.graphs).map(([graph]) => graph);
}
