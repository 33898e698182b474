/** Messages of onnxruntime about graphs that it refuses, as sentences that help. */
import type { onnx } from '../graph/schema.ts';
import { shown } from './names.ts';
import { everyNode } from './nodes.ts';

interface Absent {
  readonly operator: string;
  readonly node: string;
}

/** The messages that name an operator, with the groups of its name and of the node's. */
const MESSAGES: readonly RegExp[] = [
  /implementation for (?<operator>[\w.:]+\(\d+\)) node with name '(?<node>[^']*)'/,
  /(?<operator>[\w.:]+\([^)]*\)) is not a registered function\/op/,
  /No Op registered for (?<operator>[\w.:]+)(?: with domain_version of (?<version>\d+))?/,
  /No opset import for domain '(?<operator>[^']*)'/,
];

/** What to export in place of operators that people often meet, by a part of their name. */
const INSTEAD: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /aten|prim::|onnxscript/,
    'export with torch.onnx.export(..., dynamo=False), which writes standard operators',
  ],
  [/contrib|Tokenizer|Sentencepiece/, 'tokenise before the request, and export the network alone'],
  [
    /Random|Multinomial|Bernoulli|Dropout/,
    'export the model in evaluation mode (model.eval()), without sampling',
  ],
  [/Optional|Sequence|Map/, 'export tensors in place of sequences and dictionaries'],
  [
    /^Attention|^RotaryEmbedding|^RMSNorm/,
    'export with opset_version=20, where attention is MatMul and Softmax',
  ],
  [/NhwcConv|com\.ms\.|Nchwc|Trt|Qnn|DmlFused/, 'export the graph before it is optimised for one device'],
];

/** Returns the operator that a message calls unknown, and a node that uses it. */
export function absentOperator(message: string, { graph }: onnx.IModelProto): Absent | undefined {
  for (const pattern of MESSAGES) {
    const { operator, node, version } = pattern.exec(message)?.groups ?? {};
    if (operator === undefined) continue;
    const type = operator.replace(/\(.*/, '').split(/[.:]/).at(-1);
    const user = [...everyNode(graph!)].find(({ opType, domain }) => opType === type || domain === operator);
    return {
      operator: `${operator}${version ? `(${version})` : ''}`,
      node: node || user?.name || user?.output?.[0] || '',
    };
  }
  return undefined;
}

/** Returns the sentence about a graph that a runtime refuses to load. */
export function refusalOf(message: string, model: onnx.IModelProto, runtime: string): string {
  const absent = absentOperator(message, model);
  if (absent === undefined) return `${runtime} refuses the graph: ${oneLine(message)}`;
  const { operator } = absent;
  const node = absent.node.replace(/^(model|decoder)\//, ''); // as the file has it
  const advice = INSTEAD.find(([pattern]) => pattern.test(operator))?.[1];
  return `${runtime} has no operator ${operator}, which node '${shown(node)}' uses; ${advice ?? 'export the model with standard operators (torch.onnx.export with opset_version=17, or another form of this layer)'}`;
}

/** Returns the sentence about a graph that loads, but fails when it runs. */
export function failureOf(message: string, runtime: string): string {
  const operator = /while running (\w+) node/.exec(message)?.[1] ?? '';
  const advice = INSTEAD.find(([pattern]) => pattern.test(operator))?.[1];
  return `${runtime} fails on the rows: ${oneLine(message)}${advice ? `; ${advice}` : ''}`;
}

/** Shortens a message of a runtime, which may hold stacks and hostile names. */
export function oneLine(message: string): string {
  const line = message
    .replace(/\s+/g, ' ')
    .replace(/\/[\w./-]+\.(cc|h):\d+ /g, '')
    // The signature of the function that gave up.
    .replace(/(static |virtual )?([\w:*]+ )?onnxruntime::[\w:]+\([^)]*\)( const)? /g, '')
    .trim();
  return shown(line, 300);
}
