/** The parts of a loop: states that every step passes on, what it sees of its own, and what it captures. */
import type { Attributes, Body, Op, Value } from '../types.ts';
import { applyAll, input } from '../value.ts';

export interface ScanOptions {
  /** The states before the first step. */
  readonly states: readonly Value[];
  /** `[steps, ...]`, of which every step sees its own part. */
  readonly scanned: readonly Value[];
  /** What every step sees, which must be all that the step is made from besides. */
  readonly captured?: readonly Value[];
  /** Whether the last step comes first. */
  readonly reverse?: boolean;
  readonly step: (parts: ScanStep) => {
    readonly states: readonly Value[];
    readonly outputs: readonly Value[];
  };
}

/** What one step sees. */
export interface ScanStep {
  readonly states: readonly Value[];
  readonly scanned: readonly Value[];
  readonly captured: readonly Value[];
}

/** What a loop answers with. */
export interface Scanned {
  /** The states after the last step. */
  readonly states: readonly Value[];
  /** The other outputs of every step, `[steps, ...]`. */
  readonly stacked: readonly Value[];
}

/** One step as a graph. */
export function bodyOf({ states, scanned, captured = [], step }: ScanOptions): Body {
  const placeholders = {
    states: states.map(({ shape }, i) => input(`state_${i}`, shape)),
    scanned: scanned.map(({ shape }, i) => input(`scanned_${i}`, shape.slice(1))),
    captured: captured.map(({ shape }, i) => input(`captured_${i}`, shape)),
  };
  const next = step(placeholders);
  return {
    inputs: [...placeholders.states, ...placeholders.scanned],
    captured: placeholders.captured,
    outputs: [...next.states, ...next.outputs],
  };
}

/** The loop of a body, as a node of `op`. */
export function applyScan(op: Op, body: Body, options: Omit<ScanOptions, 'step'>): Scanned {
  const { states, scanned, captured = [], reverse = false } = options;
  const directions = (count: number) => Array.from({ length: count }, () => (reverse ? 1 : 0));
  const results: readonly Value[] = applyAll(op, [...states, ...scanned, ...captured], {
    body,
    num_scan_inputs: scanned.length,
    scan_input_directions: directions(scanned.length),
    scan_output_directions: directions(body.outputs.length - states.length),
  });
  return { states: results.slice(0, states.length), stacked: results.slice(states.length) };
}

/** The inputs of a node, or what a kernel is given in their place, by their part. */
export function partsOf<T>(inputs: readonly T[], attributes: Attributes) {
  const body = attributes.body as Body;
  const [direction] = attributes.scan_input_directions as readonly number[];
  const stateCount = body.inputs.length - (attributes.num_scan_inputs as number);
  return {
    body,
    reverse: direction === 1,
    states: inputs.slice(0, stateCount),
    scanned: inputs.slice(stateCount, body.inputs.length),
    captured: inputs.slice(body.inputs.length),
  };
}
