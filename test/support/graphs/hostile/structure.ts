/** Graphs whose nodes do not fit together. */
import type { onnx } from '../../../../training/graph/schema.ts';
import { completed } from './hostileGraph.ts';
import {
  BOOL,
  graphAttribute,
  modelBytes,
  node,
  PLAIN,
  plainAfter,
  plainWith,
  tensorInfo,
  WEIGHTS,
} from './plain.ts';

const OPSETS = [
  { domain: '', version: 18 },
  { domain: 'local', version: 1 },
];

/** `If` in both branches of `If`. */
function nested(depth: number): onnx.INodeProto {
  let inner = node('Identity', ['rows'], ['deepest']);
  for (let level = 0; level < depth; level++) {
    const body: onnx.IGraphProto = {
      name: `level_${level}`,
      node: [inner],
      output: [{ name: inner.output![0]! }],
    };
    inner = node(
      'If',
      ['condition'],
      [level === depth - 1 ? 'made' : `level_${level}`],
      [
        graphAttribute('then_branch', body),
        graphAttribute('else_branch', { ...body, name: `else_${level}` }),
      ],
    );
  }
  return inner;
}

/** A function of the model that calls `calls`. */
const localFunction = (name: string, calls: string): onnx.IFunctionProto => ({
  ...{ name, domain: 'local', input: ['x'], output: ['y'], opsetImport: OPSETS },
  node: [{ ...node(calls, ['x'], ['y']), domain: 'local' }],
});

/** A function that calls the next one twice: 2^30 nodes once they are all in place. */
function doublingFunctions(): onnx.IFunctionProto[] {
  return Array.from({ length: 30 }, (_, i) => {
    const call = (input: string, output: string) =>
      i === 29
        ? node('Neg', [input], [output])
        : { ...node(`f${i + 1}`, [input], [output]), domain: 'local' };
    return { ...localFunction(`f${i}`, ''), node: [call('x', 'h'), call('h', 'y')] };
  });
}

const calling = (name: string, functions: onnx.IFunctionProto[]): Uint8Array =>
  modelBytes({
    graph: {
      ...PLAIN,
      node: [
        { ...node(name, ['rows'], ['made']), domain: 'local' },
        node('MatMul', ['made', 'weights'], ['code']),
      ],
    },
    opsetImport: OPSETS,
    functions,
  });

export const STRUCTURE = completed([
  {
    name: 'unknown-operator',
    why: 'an operator that ONNX does not have',
    bytes: plainAfter([node('Frobnicate', ['rows'], ['made'])]),
  },
  {
    name: 'unknown-domain',
    why: 'an operator of a domain that only its author has',
    bytes: plainWith(
      { node: [{ ...node('MatMul', ['rows', 'weights'], ['code']), domain: 'com.example' }] },
      { opsetImport: [...OPSETS.slice(0, 1), { domain: 'com.example', version: 1 }] },
    ),
  },
  {
    name: 'future-opset',
    why: 'an opset that no runtime has',
    bytes: plainWith({}, { opsetImport: [{ domain: '', version: 999 }] }),
  },
  { name: 'future-ir', why: 'an IR version that no runtime has', bytes: plainWith({}, { irVersion: 999 }) },
  { name: 'no-opset', why: 'no opset', bytes: plainWith({}, { opsetImport: [] }) },
  {
    name: 'cycle',
    why: 'two nodes that take what the other gives',
    bytes: plainAfter([node('Add', ['rows', 'other'], ['made']), node('Neg', ['made'], ['other'])]),
  },
  {
    name: 'own-input',
    why: 'a node that takes what it gives',
    bytes: plainAfter([node('Add', ['rows', 'made'], ['made'])]),
  },
  {
    name: 'missing-value',
    why: 'a node that takes what nothing gives',
    bytes: plainAfter([node('Add', ['rows', 'nowhere'], ['made'])]),
  },
  {
    name: 'output-of-nothing',
    why: 'an output that no node gives',
    bytes: plainWith({ output: [tensorInfo('code', ['N', 2]), tensorInfo('other', ['N', 2])] }),
  },
  { name: 'no-outputs', why: 'no outputs', bytes: plainWith({ output: [] }) },
  {
    name: 'two-outputs-of-one-name',
    why: 'two outputs of one name',
    bytes: plainWith({ output: [tensorInfo('code', ['N', 2]), tensorInfo('code', ['N', 2])] }),
    onnxruntime: 'answers',
  },
  {
    name: 'two-inputs-of-one-name',
    why: 'two inputs of one name',
    bytes: plainWith({ input: [tensorInfo('rows', ['N', 4]), tensorInfo('rows', ['N', 4])] }),
  },
  {
    name: 'value-given-twice',
    why: 'two nodes that give the same value',
    bytes: plainAfter([node('Neg', ['rows'], ['made']), node('Abs', ['rows'], ['made'])]),
  },
  {
    name: 'missing-operand',
    why: 'a MatMul of one operand',
    bytes: plainWith({ node: [node('MatMul', ['rows'], ['code'])] }),
  },
  {
    name: 'untyped-input',
    why: 'an input without a type',
    bytes: plainWith({ input: [{ name: 'rows' }] }),
  },
  {
    name: 'unknown-type',
    why: 'an input of element type 99',
    bytes: plainWith({ input: [tensorInfo('rows', ['N', 4], 99 as typeof BOOL)] }),
  },
  {
    name: 'wrong-type',
    why: 'a MatMul of booleans and floats',
    bytes: plainWith({ input: [tensorInfo('rows', ['N', 4], BOOL)] }),
  },
  {
    name: 'nested-branches',
    why: 'branches in branches, 10 deep: 1024 graphs',
    bytes: plainWith({
      input: [tensorInfo('rows', ['N', 4]), tensorInfo('condition', [], BOOL)],
      initializer: [WEIGHTS],
      node: [nested(10), node('MatMul', ['made', 'weights'], ['code'])],
    }),
    isRefused: false,
    onnxruntime: 'answers',
  },
  {
    name: 'recursive-function',
    why: 'a function that calls itself',
    bytes: calling('f', [localFunction('f', 'f')]),
  },
  {
    name: 'doubling-functions',
    why: 'functions that call each other twice: 2^30 nodes',
    bytes: calling('f0', doublingFunctions()),
    onnxruntime: 'hangs',
  },
]);
