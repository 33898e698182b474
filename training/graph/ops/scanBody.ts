/**
 * The parts of a loop: states passed from step to step, sequences with a slice per step, and captured values.
 */
import type { Attributes, Body, Op, Value } from '../types.ts';
import { applyAll, input } from '../value.ts';

export interface ScanOptions {
  /** The states before the first step. */
  readonly states: readonly Value[];
  /** Sequences `[steps, ...]`; every step receives its own slice. */
  readonly scanned: readonly Value[];
  /** Values that every step receives. A step must not depend on any other outer value. */
  readonly captured?: readonly Value[];
  /** True if the loop runs from the last step to the first. */
  readonly reverse?: boolean;
  readonly step: (parts: ScanStepInputs) => {
    readonly states: readonly Value[];
    readonly outputs: readonly Value[];
  };
}

/** Inputs of one step. */
export interface ScanStepInputs {
  readonly states: readonly Value[];
  readonly scanned: readonly Value[];
  readonly captured: readonly Value[];
}

/** Results of a loop. */
export interface ScanResult {
  /** The states after the last step. */
  readonly states: readonly Value[];
  /** The other outputs of every step, `[steps, ...]`. */
  readonly stacked: readonly Value[];
}

/** Builds the graph of one step. */
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

/** Applies `op`, a loop over `body`. */
export function applyScan(op: Op, body: Body, options: Omit<ScanOptions, 'step'>): ScanResult {
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

/** Groups the inputs of a node, or the tensors that a kernel receives for them, by role. */
export function scanParts<T>(inputs: readonly T[], attributes: Attributes) {
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
