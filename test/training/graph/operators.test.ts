import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { OPS } from '../../../training/graph/ops/registry.ts';
import type { Input, Op, Shape, Tensor, Value } from '../../../training/graph/types.ts';
import { apply, formatShape, input, sizeOf } from '../../../training/graph/value.ts';
import { itEach } from '../../support/suites/full.ts';
import {
  type Feeds,
  inOnnxruntime,
  inTfjs,
  inWasm,
  relativeError,
  tfjsGradients,
} from '../../support/training/evaluate.ts';
import type { OpCase } from './opCase.ts';
import { OP_CASES } from './opCases.ts';

const BATCHES = [1, 2, 7];
const TOLERANCE = 1e-4;

describe.each(Object.entries<Op>(OPS))('operator %s', (name, op) => {
  const cases = OP_CASES[name as keyof typeof OPS];

  it('has a case and its ONNX name', () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(op.type).toBe(name);
  });

  for (const opCase of cases) {
    const shapes = opCase.inputs.map(formatShape).join(' ');
    itEach(BATCHES, (batch) => batch !== 2)(
      `gives the same values in onnxruntime and TensorFlow.js, ${shapes}, batch %i`,
      async (batch) => {
        const { output, feeds } = instantiate(opCase, batch);
        const [[actual], [expected]] = [await inOnnxruntime([output], feeds), await inTfjs([output], feeds)];
        expect(actual).toHaveLength(expected!.length);
        expect(relativeError(actual!, expected!)).toBeLessThanOrEqual(1e-5);
        // The WASM build lacks operators that models rarely need; parity checks report missing ones of
        // ai.onnx.
        if (op.domain === undefined) return;
        const [served] = await inWasm([output], feeds);
        expect(relativeError(served!, actual!)).toBeLessThanOrEqual(1e-6);
      },
    );

    if (op.gradient === null) continue;
    itEach(BATCHES, (batch) => batch !== 2)(
      `has TensorFlow.js's gradient, ${shapes}, batch %i`,
      async (batch) => {
        const { output, feeds } = instantiate(opCase, batch);
        const { target, feeds: allFeeds, inputs } = projected(output, feeds, batch);
        const wrt = opCase.wrt === undefined ? inputs : opCase.wrt.map((i) => inputs[i]!);
        const actual = await inOnnxruntime(gradients(target, wrt), allFeeds);
        const expected = await tfjsGradients(target, wrt, allFeeds);
        for (const [i, gradient] of actual.entries()) {
          expect(gradient).toHaveLength(expected[i]!.length);
          expect(relativeError(gradient, expected[i]!)).toBeLessThanOrEqual(TOLERANCE);
        }
      },
    );
  }
});

it('every operator has cases, and every case belongs to an operator', () => {
  expect(Object.keys(OP_CASES)).toEqual(Object.keys(OPS));
});

/** Builds the output of a case for random inputs with a batch size. */
function instantiate({ inputs: shapes, build, range = [-2, 2], words }: OpCase, batch: number) {
  const source = random(batch, JSON.stringify(shapes));
  const dtype = words === undefined ? 'float32' : 'string';
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape, dtype));
  const word = () => words![Math.floor(source.uniform() * words!.length)]!;
  const feeds = new Map<Input, Tensor>(
    inputs.map((each) => [
      each,
      words === undefined
        ? randomTensor(each.shape, batch, () => range[0] + (range[1] - range[0]) * source.uniform())
        : randomWords(each.shape, batch, word),
    ]),
  );
  return { output: build(inputs), feeds: feeds as Feeds };
}

/**
 * A scalar that depends on every element of the output differently: the sum of its product with random
 * numbers.
 */
function projected(output: Value, feeds: Feeds, batch: number) {
  const source = random(batch, 'projection');
  const projection = input('projection', output.shape);
  // Applied directly, since `mul` would drop an unnecessary Expand.
  const target = reduceSum(apply(OPS.Mul, [output, projection]));
  const tensor = randomTensor(output.shape, batch, () => 2 * source.uniform() - 1);
  return { target, inputs: [...feeds.keys()], feeds: new Map([...feeds, [projection, tensor]]) as Feeds };
}

function randomWords(shape: Shape, batch: number, next: () => string): Tensor {
  const fixed = withBatch(shape, batch);
  return { dtype: 'string', shape: fixed, data: Array.from({ length: sizeOf(fixed) }, next) };
}

function withBatch(shape: Shape, batch: number): number[] {
  return shape.map((dimension) => (typeof dimension === 'string' ? batch : dimension));
}

function randomTensor(shape: Shape, batch: number, next: () => number): Tensor {
  const fixed = withBatch(shape, batch);
  return { dtype: 'float32', shape: fixed, data: Float32Array.from({ length: sizeOf(fixed) }, next) };
}
