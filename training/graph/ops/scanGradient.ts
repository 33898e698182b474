/** The gradient of a loop: a loop in the opposite direction over the residuals of its steps. */
import { pullback } from '../autodiff.ts';
import { substitute } from '../substitute.ts';
import { topological } from '../traverse.ts';
import type { Body, Input, Node, Value } from '../types.ts';
import { input } from '../value.ts';
import { reduceSum } from './broadcast.ts';
import { splitOp, zerosLike } from './concat.ts';
import { gemm, gemmOp } from './gemm.ts';
import { reshape } from './reshape.ts';
import { applyScan, bodyOf, type ScanOptions, scanParts } from './scanBody.ts';

/** One step of the backward loop, in terms of values of the body and of the gradients of its outputs. */
interface BackwardStep {
  /** Gradients of the body's outputs: of every state, and of every other output that has one. */
  readonly given: readonly (Input | undefined)[];
  /** Gradients of the states before the step. */
  readonly states: readonly Value[];
  /** Gradients of the scanned slices. */
  readonly scanned: readonly (Value | undefined)[];
  /** Gradients of the captured values, as factors for `sumOverSteps`. */
  readonly captured: readonly (readonly Value[] | undefined)[];
  /**
   * Values of `scanned` and `captured` that the forward loop does not provide, to be computed and stacked.
   */
  readonly outputs: readonly Value[];
  /** Values of the body, including scanned ones, that `states` and `outputs` are computed from. */
  readonly reads: readonly Value[];
  /** Values of the body, except scanned ones, that the forward loop must keep for the backward loop. */
  readonly residuals: readonly Value[];
}

/** Returns the values of a body that its gradient needs and that are neither scanned nor captured. */
export function residualsOf(body: Body, stateCount: number): readonly Value[] {
  return backwardStep(body, stateCount, () => true).residuals;
}

export function scanGradient(gs: readonly (Value | undefined)[], node: Node): readonly (Value | undefined)[] {
  const { body, reverse, ...outside } = scanParts(node.inputs, node.attributes);
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

/** Constants are available in every step, and splitting a value again costs less than keeping its parts. */
function isWorthKeeping(value: Value): boolean {
  return value.kind !== 'constant' && !(value.kind === 'result' && value.node.op === splitOp);
}

/**
 * Returns the stacked residuals of all steps. If the loop did not keep some of them, it runs again with all
 * of them.
 */
function keptBy(node: Node, residuals: readonly Value[]): readonly (readonly [Value, Value])[] {
  const { body, ...parts } = scanParts(node.inputs, node.attributes);
  const stateCount = parts.states.length;
  const missing = residuals.filter((each) => body.outputs.indexOf(each, stateCount) < 0);
  const outputs = [...body.outputs, ...missing];
  const stacked =
    missing.length === 0
      ? node.outputs.slice(stateCount)
      : applyScan(node.op, { ...body, outputs }, parts).stacked;
  return residuals.map((each) => [each, stacked[outputs.indexOf(each, stateCount) - stateCount]!]);
}

/**
 * Returns the two factors of a matrix product over the rows of a batch: its sum over steps is one product of
 * longer factors.
 */
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
