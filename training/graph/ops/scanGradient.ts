/** The gradient of a loop: a loop the other way, over what the steps kept. */
import { pullback } from '../autodiff.ts';
import { substitute } from '../remake.ts';
import { topological } from '../traverse.ts';
import type { Body, Input, Node, Value } from '../types.ts';
import { input } from '../value.ts';
import { reduceSum } from './broadcast.ts';
import { splitOp, zerosLike } from './concat.ts';
import { gemm, gemmOp } from './gemm.ts';
import { reshape } from './reshape.ts';
import { applyScan, bodyOf, partsOf, type ScanOptions } from './scanBody.ts';

/** One step of the loop backwards, in terms of values of the body and of the gradients of its outputs. */
interface BackwardStep {
  /** Gradients of the body's outputs: of every state, and of the other outputs that have one. */
  readonly given: readonly (Input | undefined)[];
  readonly states: readonly Value[];
  readonly scanned: readonly (Value | undefined)[];
  /** Of what is captured, as the factors that `sumOverSteps` takes. */
  readonly captured: readonly (readonly Value[] | undefined)[];
  /** What of the last two is to be stacked and is not there from the loop forwards. */
  readonly outputs: readonly Value[];
  /** Values of the body, scanned ones included, that `states` and `outputs` are made from. */
  readonly reads: readonly Value[];
  /** Values of the body, scanned ones left out, that the loop forwards has to keep for any of this. */
  readonly residuals: readonly Value[];
}

/** The values of a body that its gradient needs and that are neither scanned nor captured. */
export function residualsOf(body: Body, stateCount: number): readonly Value[] {
  return backwardStep(body, stateCount, () => true).residuals;
}

export function scanGradient(gs: readonly (Value | undefined)[], node: Node): readonly (Value | undefined)[] {
  const { body, reverse, ...outside } = partsOf(node.inputs, node.attributes);
  const stateCount = outside.states.length;
  const back = backwardStep(body, stateCount, (i) => gs[i] !== undefined);
  const sequences = new Map<Value, Value>([
    ...keptBy(node, back.residuals),
    ...outside.scanned.map((each, i) => [body.inputs[stateCount + i]!, each] as const),
  ]);
  const withGradient = back.given.flatMap((each, i) => (i >= stateCount && each !== undefined ? [i] : []));
  const loop: ScanOptions = {
    states: outside.states.map((each, i) => gs[i] ?? zerosLike(each)),
    scanned: [...withGradient.map((i) => gs[i]!), ...back.reads.map((each) => sequences.get(each)!)],
    captured: outside.captured,
    reverse: !reverse,
    step: (parts) => {
      const replacements = new Map<Value, Value>([
        ...parts.states.map((each, i) => [back.given[i]!, each] as const),
        ...withGradient.map((at, i) => [back.given[at]!, parts.scanned[i]!] as const),
        ...back.reads.map((each, i) => [each, parts.scanned[withGradient.length + i]!] as const),
        ...body.captured.map((each, i) => [each, parts.captured[i]!] as const),
      ]);
      const rebuilt = substitute([...back.states, ...back.outputs], replacements);
      return { states: rebuilt.slice(0, stateCount), outputs: rebuilt.slice(stateCount) };
    },
  };
  const { states, stacked } = applyScan(node.op, bodyOf(loop), loop);
  back.outputs.forEach((each, i) => {
    sequences.set(each, stacked[i]!);
  });
  return [
    ...states,
    ...back.scanned.map((each) => each && sequences.get(each)),
    ...back.captured.map((each) => each && sumOverSteps(each.map((factor) => sequences.get(factor)!))),
  ];
}

function backwardStep(body: Body, stateCount: number, hasGradient: (i: number) => boolean): BackwardStep {
  const given = body.outputs.map(({ shape }, i) =>
    i < stateCount || hasGradient(i) ? input(`gradient_${i}`, shape) : undefined,
  );
  const seeds = body.outputs.flatMap((each, i) =>
    given[i] === undefined ? [] : [[each, given[i]] as const],
  );
  const gradients = pullback(seeds, [...body.inputs, ...body.captured]);
  const states = gradients.slice(0, stateCount).map((each, i) => each ?? zerosLike(given[i]!));
  const scanned = gradients.slice(stateCount, body.inputs.length);
  const captured = gradients.slice(body.inputs.length).map((each) => each && factorsOf(each));
  const stacked = new Set([...scanned, ...captured.flat()].filter((each) => each !== undefined));

  const isCaptured = (each: Value) => body.captured.some((captured) => captured === each);
  const isScanned = (each: Value) => body.inputs.slice(stateCount).some((input) => input === each);
  const forward = new Set<Value>([...body.captured, ...topological(body.outputs).filter(isWorthKeeping)]);
  const isThere = (each: Value) => forward.has(each) && !isCaptured(each);
  const outputs = [...stacked].filter((each) => !isThere(each));
  const roots = [...states, ...outputs];
  const inputs = topological(roots, forward).flatMap((each) =>
    each.kind === 'result' ? each.node.inputs : [],
  );
  const reads = [...new Set([...roots, ...inputs])].filter(isThere);
  const residuals = [...new Set([...reads, ...stacked])].filter((each) => isThere(each) && !isScanned(each));
  return { given, states, scanned, captured, outputs, reads, residuals };
}

/** Constants are everywhere, and taking apart costs less than reading the parts back. */
function isWorthKeeping(value: Value): boolean {
  return value.kind !== 'constant' && !(value.kind === 'result' && value.node.op === splitOp);
}

/** The residuals of every step; where the loop did not keep one, from a loop that does. */
function keptBy(node: Node, residuals: readonly Value[]): readonly (readonly [Value, Value])[] {
  const { body, ...parts } = partsOf(node.inputs, node.attributes);
  const stateCount = parts.states.length;
  const missing = residuals.filter((each) => body.outputs.indexOf(each, stateCount) < 0);
  const outputs = [...body.outputs, ...missing];
  const stacked =
    missing.length === 0
      ? node.outputs.slice(stateCount)
      : applyScan(node.op, { ...body, outputs }, parts).stacked;
  return residuals.map((each) => [each, stacked[outputs.indexOf(each, stateCount) - stateCount]!]);
}

/** A product of matrices over the rows of a batch as its two factors: summed over steps, it is one product of longer ones. */
function factorsOf(value: Value): readonly Value[] {
  if (value.kind !== 'result' || value.node.op !== gemmOp) return [value];
  const { inputs, attributes } = value.node;
  const isOverRows = attributes.transA === 1 && attributes.transB === 0 && inputs.length === 2;
  return isOverRows && inputs.every(({ shape }) => typeof shape[1] === 'number') ? inputs : [value];
}

function sumOverSteps([a, b]: readonly Value[]): Value {
  const rows = (x: Value) => reshape(x, [-1, x.shape[2] as number]);
  return b === undefined ? reduceSum(a!, [0]) : gemm(rows(a!), rows(b), { transA: true });
}
