/** Graphs of an odd structure: functions, opsets, nested graphs, many nodes, metadata. */
import { floats, graphAttribute, intAttribute, node, PLAIN, tensorInfo, WEIGHTS } from '../hostile/plain.ts';
import { after, codes, type OddGraph, odd } from './oddGraph.ts';

const MANY = 500;

/** Branches within branches, of which the innermost gives what is around all of them. */
function nested(depth: number): ReturnType<typeof node> {
  const inner = (name: string) => ({
    name,
    node: [
      depth === 0
        ? node('Identity', ['plain'], [`${name}${depth}`])
        : { ...nested(depth - 1), output: [`${name}${depth}`] },
    ],
    output: [tensorInfo(`${name}${depth}`, ['N', 2])],
  });
  return node(
    'If',
    ['yes'],
    ['code'],
    [graphAttribute('then_branch', inner('then')), graphAttribute('else_branch', inner('else'))],
  );
}

/** One number of a classifier whose classes are named. */
function classifier(labels: readonly string[]): Uint8Array {
  const strings = labels.map((label) => new TextEncoder().encode(label));
  const encoder = node(
    'LabelEncoder',
    ['ids'],
    ['names'],
    [{ name: 'classlabels_strings', type: 8, strings }],
  );
  return after([node('Softmax', ['plain'], ['shares']), { ...encoder, domain: 'ai.onnx.ml' }], {
    output: [tensorInfo('shares', ['N', 2])],
  });
}

export const STRUCTURES: readonly OddGraph[] = [
  {
    name: 'a function by the name of an operator of the standard',
    bytes: odd(
      { node: [{ ...node('MatMul', ['rows', 'weights'], ['code']), domain: 'local' }] },
      {
        opsetImport: [
          { domain: '', version: 21 },
          { domain: 'local', version: 1 },
        ],
        functions: [
          {
            ...{ name: 'MatMul', domain: 'local', input: ['a', 'b'], output: ['c'] },
            opsetImport: [{ domain: '', version: 21 }],
            node: [node('MatMul', ['a', 'b'], ['product']), node('Neg', ['product'], ['c'])],
          },
        ],
      },
    ),
    outcome: (rows) => codes(rows).map((row) => row.map((value) => 0 - value)),
  },
  {
    name: 'two opsets of the standard',
    bytes: odd(
      {},
      {
        opsetImport: [
          { domain: '', version: 21 },
          { domain: 'ai.onnx', version: 12 },
        ],
      },
    ),
    outcome: /has opset 21 and opset 12 of ai\.onnx: expected one version/,
  },
  {
    name: 'a node without an operator',
    bytes: odd({ node: [node('', ['rows'], ['made']), node('MatMul', ['made', 'weights'], ['code'])] }),
    outcome: /refuses the graph: .*op_type/,
  },
  {
    name: 'a node without outputs',
    bytes: odd({ node: [node('Neg', ['rows'], []), ...PLAIN.node!] }),
    outcome: codes,
  },
  {
    name: 'forty branches within each other',
    bytes: after([nested(8)], { initializer: [{ name: 'yes', dataType: 9, dims: [], int32Data: [1] }] }),
    outcome: codes,
  },
  {
    name: `${MANY} inputs of one value`,
    bytes: odd({
      input: Array.from({ length: MANY }, (_, i) => tensorInfo(`x${i}`, ['N', 1])),
      node: [
        node(
          'Concat',
          Array.from({ length: MANY }, (_, i) => `x${i}`),
          ['all'],
          [intAttribute('axis', 1)],
        ),
        node('MatMul', ['all', 'weights'], ['code']),
      ],
      initializer: [
        floats(
          'weights',
          [MANY, 2],
          Array.from({ length: 2 * MANY }, (_, i) => [1, 0, 0, 1, 1, 0, 0, 1][i] ?? 0),
        ),
      ],
    }),
    outcome: codes,
  },
  {
    name: `${MANY} outputs`,
    bytes: after(
      [
        node('Identity', ['plain'], ['code']),
        ...Array.from({ length: MANY }, (_, i) => node('Identity', ['plain'], [`y${i}`])),
      ],
      {
        output: [
          tensorInfo('code', ['N', 2]),
          ...Array.from({ length: MANY }, (_, i) => tensorInfo(`y${i}`, ['N', 2])),
        ],
      },
    ),
    outcome: codes,
  },
  {
    name: 'a name that is not UTF-8',
    bytes: (() => {
      const bytes = odd({ name: 'AAAA', node: [node('MatMul', ['rows', 'weights'], ['code'])] });
      const at = Buffer.from(bytes).indexOf('AAAA');
      return bytes.fill(0xff, at, at + 4);
    })(),
    outcome: codes,
  },
  {
    name: 'a description of 8 MB, and a producer that clears the terminal',
    bytes: odd(
      {},
      { docString: 'd'.repeat(2 ** 23), producerName: '\u001b[2J', producerVersion: 'v'.repeat(10_000) },
    ),
    outcome: codes,
  },
  {
    name: 'metadata with two features of one name',
    bytes: odd({}, { metadataProps: [{ key: 'features', value: 'a,b,a,c' }] }),
    outcome: /expected distinct names of features, received 'a' twice; --feature-names gives others/,
  },
  {
    name: 'metadata with the name of a feature that is empty',
    bytes: odd({}, { metadataProps: [{ key: 'features', value: 'a,,b,c' }] }),
    outcome: /expected names of features of 1 to 200 characters.*--feature-names/,
  },
  {
    name: 'three names of classes for two probabilities',
    bytes: classifier(['good', 'worn', 'broken']),
    outcome:
      /the classes in the graph: expected 2 names, one per probability, received 3: good, worn, broken; --classes/,
  },
  {
    name: 'two classes of one name',
    bytes: classifier(['good', 'good']),
    outcome: /the classes in the graph: expected distinct names, received 'good' twice; --classes/,
  },
  {
    name: 'weights that nothing reads, of another size than they say',
    bytes: odd({ initializer: [WEIGHTS, { ...floats('unread', [1000], [1]) }] }),
    outcome: codes,
  },
];
