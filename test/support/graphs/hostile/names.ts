/** Names that are legal in ONNX, and dangerous in paths, terminals, HTML and JavaScript. */
import { completed } from './hostileGraph.ts';
import { node, plainWith, tensorInfo } from './plain.ts';

/** The plain graph with this name for its input, its output and itself. */
function named(name: string): Uint8Array {
  return plainWith({
    name,
    input: [tensorInfo(`${name}in`, ['N', 4])],
    output: [tensorInfo(name, ['N', 2])],
    node: [node('MatMul', [`${name}in`, 'weights'], [name])],
  });
}

const NAMES: readonly (readonly [name: string, why: string, value: string])[] = [
  ['slash-names', 'names with slashes, as PyTorch gives them', '/encoder/0/MatMul_output_0'],
  ['path-names', 'names that lead out of a folder', '../../../outside'],
  ['long-names', 'names of 10,000 characters', 'n'.repeat(10_000)],
  ['control-names', 'names that clear a terminal', '\u001b[2J\u0007\r\n'],
  ['html-names', 'names that are HTML', '<img src=x onerror=alert(1)>'],
  ['markdown-names', 'names that break a table', 'a | b `c` [d](javascript:alert(1))'],
  ['prototype-names', "names of JavaScript's own properties", '__proto__'],
  ['constructor-names', "names of JavaScript's own functions", 'constructor'],
  ['unicode-names', 'names with right-to-left marks and emoji', '\u202eedoc 🦊'],
  ['space-names', 'names of spaces', '   '],
  ['nul-names', 'names with a NUL', 'code\0hidden'],
];

/** Names that onnxruntime's JavaScript loses, so that nothing can ask for them. */
const LOST = ['prototype-names', 'nul-names'];

export const ODD_NAMES = completed([
  ...NAMES.map(([name, why, value]) => ({
    ...{ name, why, bytes: named(value), isRefused: LOST.includes(name) },
    onnxruntime: LOST.includes(name) ? ('refuses' as const) : ('answers' as const),
  })),
  {
    name: 'empty-name',
    why: 'an output without a name',
    bytes: plainWith({
      output: [tensorInfo('', ['N', 2])],
      node: [node('MatMul', ['rows', 'weights'], [''])],
    }),
  },
]);
