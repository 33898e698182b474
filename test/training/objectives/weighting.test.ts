import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import { exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { openNative, openWasm } from '../../../training/engines/inference.ts';
import { ENGINES } from '../../../training/engines/registry.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { inputsOf } from '../../../training/graph/traverse.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { evaluationContext } from '../../../training/layers/layer.ts';
import { VARIANTS, type VariantName } from '../../../training/models/registry.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import {
  meanLoss,
  RECONSTRUCTION_LOSSES,
  type ReconstructionLossName,
} from '../../../training/objectives/reconstruction.ts';
import { filled, valueWeights, type Weighting } from '../../../training/objectives/weighting.ts';
import { resolveSettings } from '../../../training/settings.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder, withHoles } from '../../support/data/data.ts';
import {
  initialWeights,
  inOnnxruntime,
  relativeError,
  tfjsGradients,
} from '../../support/training/evaluate.ts';
import { at, program } from '../../support/training/programs.ts';

const WIDTH = 5;
const ROWS = 6;
const source = random(8, 'weighting');
const OUTPUTS = Array.from({ length: ROWS }, () =>
  Array.from({ length: WIDTH }, () => 3 * source.uniform() - 1.5),
);
/** In [0, 1], away from the outputs, where the absolute error has no gradient. */
const TARGETS = OUTPUTS.map((row) =>
  row.map((value) => {
    const target = source.uniform();
    return Math.abs(target - value) < 0.1 ? (target + 0.5) % 1 : target;
  }),
);
/** Everything is missing from the last row, and all but one value from the one before. */
const HOLES = TARGETS.map((row, r) =>
  row.map((_, c) => r === 5 || (r === 4 ? c !== 1 : (r * 3 + c) % 5 === 0)),
);
const FEATURE_WEIGHTS = [2, 0.5, 0, 1, 3];

/** The loss of one value, given all outputs of its row. */
const ELEMENT: Readonly<
  Record<ReconstructionLossName, (outputs: number[], target: number, c: number) => number>
> = {
  mse: (o, t, c) => (o[c]! - t) ** 2,
  'sigmoid-mse': (o, t, c) => (1 / (1 + Math.exp(-o[c]!)) - t) ** 2,
  mae: (o, t, c) => Math.abs(o[c]! - t),
  huber: (o, t, c) => {
    const error = Math.abs(o[c]! - t);
    return error <= 1 ? error ** 2 / 2 : error - 0.5;
  },
  'binary-cross-entropy': (o, t, c) => {
    const p = 1 / (1 + Math.exp(-o[c]!));
    return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
  },
  multinomial: (o, t, c) => {
    let total = 0;
    for (const each of o) total += Math.exp(each);
    return -t * Math.log(Math.exp(o[c]!) / total);
  },
};

/** True if the loss of a row is the sum over its features instead of their mean. */
const SUMS: Readonly<Record<ReconstructionLossName, boolean>> = {
  mse: false,
  'sigmoid-mse': false,
  mae: false,
  huber: false,
  'binary-cross-entropy': false,
  multinomial: true,
};

function expectedLoss(
  name: ReconstructionLossName,
  outputs: number[][],
  weights: number[],
  masked: boolean,
): number {
  let total = 0;
  for (let r = 0; r < ROWS; r++) {
    let sum = 0;
    let weight = 0;
    for (let c = 0; c < WIDTH; c++) {
      if (masked && HOLES[r]![c]) continue;
      sum += weights[c]! * ELEMENT[name](outputs[r]!, TARGETS[r]![c]!, c);
      weight += weights[c]!;
    }
    if (SUMS[name]) total += (sum * WIDTH) / weights.reduce((all, each) => all + each, 0);
    else if (weight > 0) total += sum / weight;
  }
  return total / ROWS;
}

function matrix(rows: number[][]): Tensor {
  return { dtype: 'float32', shape: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flat()) };
}

const WEIGHTINGS: readonly Weighting[] = [
  { featureWeights: FEATURE_WEIGHTS, missing: 'error' },
  { featureWeights: null, missing: 'mask' },
  { featureWeights: FEATURE_WEIGHTS, missing: 'mask' },
];

describe.each(Object.keys(RECONSTRUCTION_LOSSES) as ReconstructionLossName[])('loss %s', (name) => {
  it.each(WEIGHTINGS)('counts only the weighted values, as does its gradient: %o', async (weighting) => {
    const [output, rows] = [input('output', ['N', WIDTH]), input('rows', ['N', WIDTH])];
    const weights = valueWeights(rows, weighting);
    const loss = meanLoss(RECONSTRUCTION_LOSSES[name], output, filled(rows, weighting), weights);
    const [gradient] = gradients(loss, [output]);
    const masked = weighting.missing === 'mask';
    const targets = TARGETS.map((row, r) =>
      row.map((value, c) => (masked && HOLES[r]![c] ? Number.NaN : value)),
    );
    const feeds = new Map<Input, Tensor>([
      [output, matrix(OUTPUTS)],
      [rows, matrix(targets)],
    ]);
    const [[value], slopes] = (await inOnnxruntime([loss, gradient!], feeds)) as [[number], number[]];

    const counts = weighting.featureWeights ?? FEATURE_WEIGHTS.map(() => 1);
    const reference = (outputs: number[][]) => expectedLoss(name, outputs, [...counts], masked);
    expect(value).toBeCloseTo(reference(OUTPUTS), 5);
    const h = 1e-6;
    const moved = (r: number, c: number, by: number) =>
      OUTPUTS.map((row, i) => row.map((each, j) => (i === r && j === c ? each + by : each)));
    const expected = OUTPUTS.flatMap((row, r) =>
      row.map((_, c) => (reference(moved(r, c, h)) - reference(moved(r, c, -h))) / (2 * h)),
    );
    expect(relativeError(slopes, expected)).toBeLessThan(1e-4);
    const [theirs] = await tfjsGradients(loss, [output], feeds);
    expect(relativeError(slopes, theirs!)).toBeLessThan(1e-5);
  });
});

it('weights count relative to one another, so that their size changes no loss', async () => {
  const [output, rows] = [input('output', ['N', WIDTH]), input('rows', ['N', WIDTH])];
  const losses = [undefined, [1, 1, 1, 1, 1], [7, 7, 7, 7, 7]].map((featureWeights) =>
    meanLoss(
      RECONSTRUCTION_LOSSES.multinomial,
      output,
      rows,
      featureWeights && valueWeights(rows, { featureWeights, missing: 'error' }),
    ),
  );
  const feeds = new Map<Input, Tensor>([
    [output, matrix(OUTPUTS)],
    [rows, matrix(TARGETS.map((row) => [...row]))],
  ]);
  const [[without], [ones], [sevens]] = (await inOnnxruntime(losses, feeds)) as [
    [number],
    [number],
    [number],
  ];
  expect(ones).toBeCloseTo(without, 5);
  expect(sevens).toBeCloseTo(without, 5);
});

it('multinomial is the categorical cross-entropy of one-hot rows: minus the log of the share given to the class', async () => {
  const [output, rows] = [input('output', ['N', WIDTH]), input('rows', ['N', WIDTH])];
  const value = meanLoss(RECONSTRUCTION_LOSSES.multinomial, output, rows);
  const classes = OUTPUTS.map((_, r) => (2 * r) % WIDTH);
  const feeds = new Map<Input, Tensor>([
    [output, matrix(OUTPUTS)],
    [rows, matrix(classes.map((k) => Array.from({ length: WIDTH }, (_, c) => (c === k ? 1 : 0))))],
  ]);
  const [[loss]] = (await inOnnxruntime([value], feeds)) as [[number]];
  const surprises = OUTPUTS.map((row, r) => {
    const exponentials = row.map(Math.exp);
    return -Math.log(exponentials[classes[r]!]! / exponentials.reduce((a, b) => a + b));
  });
  expect(loss).toBeCloseTo(surprises.reduce((a, b) => a + b) / ROWS, 6);
});

const SQUARE = { element: (output: number, target: number) => (output - target) ** 2, sums: false };
const BERNOULLI = {
  element: (p: number, t: number) => -t * Math.log(p) - (1 - t) * Math.log(1 - p),
  sums: true,
};

/** Default loss of every variant that weights features, from its reconstruction. */
const DEFAULT_LOSS: Readonly<Partial<Record<VariantName, typeof SQUARE>>> = {
  contractive: SQUARE,
  convolutional: SQUARE,
  denoising: SQUARE,
  sequence: SQUARE,
  sparse: SQUARE,
  undercomplete: SQUARE,
  variational: BERNOULLI,
  'vector-quantized': SQUARE,
};

const WEIGHING = (Object.keys(VARIANTS) as VariantName[]).filter(
  (name) => 'featureWeights' in VARIANTS[name].config.shape,
);

it('is tested for every variant with this setting', () => {
  expect(WEIGHING).toEqual(Object.keys(DEFAULT_LOSS));
});

describe.each(WEIGHING)('variant %s', (variant) => {
  const features = 6;
  const { element, sums } = DEFAULT_LOSS[variant]!;
  const build = (settings: object) => {
    const config = resolveSettings(variant, { codeSize: 4, ...settings }).model;
    const { build } = VARIANTS[variant] as (typeof VARIANTS)['undercomplete'];
    return build(config as never, features, 1, [2, 3]);
  };
  const rows = input('rows', ['N', features]);
  const stepOf = (settings: object) => build(settings).step(rows, evaluationContext());

  it('rejects weights that are not one per column, negative or all 0', () => {
    expect(() => stepOf({ featureWeights: [1, 2] })).toThrow(InputError);
    expect(() => stepOf({ featureWeights: [1, 2] })).toThrow(
      "setting 'featureWeights': expected 6 weights, one per reconstructed column, received 2",
    );
    expect(() => build({ featureWeights: [0, 0, 0, 0, 0, 0] })).toThrow(
      "setting 'featureWeights': expected at least one weight above 0; received [0,0,0,0,0,0]",
    );
    expect(() => build({ featureWeights: [1, -1] })).toThrow(
      /setting 'featureWeights.1': .*received \[1,-1\]/,
    );
  });

  it('has the weighted loss of the values that are not missing', async () => {
    const weights = [1, 2, 0, 1, 4, 1];
    const { reconstructionLoss, reconstruction } = stepOf({ missing: 'mask', featureWeights: weights });
    const noise = inputsOf([reconstructionLoss]).filter((each) => each !== rows);
    const targets = withHoles(curve(ROWS)).rows.data;
    const feeds = new Map<Input, Tensor>([
      [rows, { dtype: 'float32', shape: [ROWS, features], data: targets }],
      ...noise.map(
        (each) => [each, matrix(OUTPUTS.map((row) => row.slice(0, each.shape[1] as number)))] as const,
      ),
    ]);
    const values = [reconstructionLoss, reconstruction];
    const [[loss], outputs] = (await inOnnxruntime(values, feeds, initialWeights(values))) as [
      [number],
      number[],
    ];
    let expected = 0;
    for (let r = 0; r < ROWS; r++) {
      let sum = 0;
      let weight = 0;
      for (let c = 0; c < features; c++) {
        const at = r * features + c;
        if (Number.isNaN(targets[at])) continue;
        sum += weights[c]! * element(outputs[at]!, targets[at]!);
        weight += weights[c]!;
      }
      const mean = weights.reduce((all, each) => all + each, 0) / features;
      expected += sums ? sum / mean : sum / weight;
    }
    expect(loss).toBeCloseTo(expected / ROWS, 5);
  });
});

it('every engine takes the same steps on rows with missing values and weights', async () => {
  const holed = withHoles(curve(64)).rows;
  const settings = { missing: 'mask', featureWeights: [1, 2, 0, 1, 4, 1], activation: 'tanh' } as const;
  const runs = await Promise.all(
    Object.values(ENGINES).map(async (engine) => {
      const session = await engine(program(holed.width, settings), {});
      const losses: number[] = [];
      for (let step = 0; step < 12; step++) losses.push((await session.train(holed, at(step)))[0]!.loss);
      const weights = [...(await session.weights()).values()].flatMap((values) => [...values]);
      await session.dispose();
      return { losses, weights };
    }),
  );
  const [ours, theirs] = runs as [(typeof runs)[0], (typeof runs)[0]];
  expect(ours.losses.at(-1)).toBeLessThan(ours.losses[0]!);
  expect(relativeError(ours.losses, theirs.losses)).toBeLessThan(1e-4);
  expect(relativeError(ours.weights, theirs.weights)).toBeLessThan(1e-3);
});

describe('exported graphs', async () => {
  const features = 6;
  const config = undercomplete.config.parse({
    codeSize: 2,
    hidden: [4],
    missing: 'mask',
    featureWeights: [9, 1, 1, 1, 1, 1],
  });
  const model = undercomplete.build(config, features, 1);
  const rows = input('rows', ['N', features]);
  const graphs = await exportGraphs(model, features, initialWeights([model.decode(model.encode(rows))]));
  const given = Float32Array.of(
    0.5,
    Number.NaN,
    1,
    Number.NaN,
    0.25,
    2,
    ...new Array(features).fill(Number.NaN),
  );
  const zeros = given.map((value) => (Number.isNaN(value) ? 0 : value));
  const run = async (data: Float32Array<ArrayBuffer>, open = openNative) => {
    const session = await open(graphs.autoencoder.model);
    const outputs = await session.run({ data, rowCount: 2, width: features });
    await session.release();
    return outputs;
  };

  it.each([
    ['onnxruntime-node', openNative],
    ['onnxruntime-web', openWasm],
  ])('reconstruct missing values as if they were 0, and count no error there, in %s', async (_, open) => {
    const { reconstruction, error, feature_error: featureError } = await run(given, open);
    expect([...reconstruction!]).toEqual([...(await run(zeros, open)).reconstruction!]);
    const squares = [...given].map((value, i) =>
      Number.isNaN(value) ? 0 : (value - reconstruction![i]!) ** 2,
    );
    expect(relativeError([...featureError!], squares)).toBeLessThan(1e-6);
    const observed = squares.slice(0, features).reduce((sum, each) => sum + each, 0) / 4;
    expect([...error!]).toEqual([expect.closeTo(observed, 6), 0]);
  });
});

describe('train', () => {
  const run = (data: Parameters<typeof train>[0]['data'], settings: object) =>
    train({
      name: 'holes',
      data,
      settings: { epochs: 3, hidden: [4], codeSize: 2, ...settings },
      out: temporaryFolder(),
    });
  const nan = Number.NaN;
  const some = [
    [1, 2],
    [1, nan],
    [3, 4],
  ];

  it('rejects NaN by default, and rows and columns in which all values are missing', async () => {
    const holed = withHoles(curve(40));
    await expect(run(holed, {})).rejects.toThrow(
      /row \d+, column \d: expected a number, received NaN; set missing=mask/,
    );
    const of = (rows: number[][]) => fromRows(rows, undefined, { missing: 'mask' });
    await expect(run(of([...some, [nan, nan]]), { missing: 'mask' })).rejects.toThrow(
      'rows in memory: row 3: expected at least one value, all are missing; leave the row out',
    );
    const blank = some.map(([first]) => [first!, nan]);
    await expect(run(of(blank), { missing: 'mask' })).rejects.toThrow(
      'rows in memory: column 1: expected at least one value, all are missing; leave the column out',
    );
    await expect(run(of(some), { missing: 'mask', loss: 'binary-cross-entropy' })).rejects.toThrow(
      'row 0, column 1: expected a value in [0, 1] for the loss binary-cross-entropy, received 2',
    );
  });

  it('fills in missing values after training on masked values', async () => {
    const whole = curve(600);
    const holed = withHoles(whole);
    const { artifact } = await train({
      name: 'holes',
      data: holed,
      variant: 'denoising',
      settings: {
        missing: 'mask',
        corruption: 'masking',
        corruptionAmount: 0.2,
        epochs: 60,
        batchSize: 32,
        hidden: [16],
        codeSize: 2,
        activation: 'tanh',
        learningRate: 0.01,
      },
      out: temporaryFolder(),
    });
    const session = await openNative(artifact.graphs.autoencoder);
    const { reconstruction } = await session.run(holed.rows);
    await session.release();
    const { mean } = artifact.manifest.features.statistics;
    let ours = 0;
    let ofTheMean = 0;
    holed.rows.data.forEach((value, i) => {
      if (!Number.isNaN(value)) return;
      ours += (reconstruction![i]! - whole.rows.data[i]!) ** 2;
      ofTheMean += (mean[i % 6]! - whole.rows.data[i]!) ** 2;
    });
    expect(ours).toBeLessThan(ofTheMean / 4);
    expect(Object.values(artifact.manifest.metrics).every(Number.isFinite)).toBe(true);
    expect(artifact.manifest.baselines.pca!.mse).toBeGreaterThan(0);
  });
});
