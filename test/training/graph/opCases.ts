/** One or more cases for every operator: input shapes and the application of the operator. */
import { leakyRelu, relu } from '../../../training/graph/ops/activations.ts';
import { argMax } from '../../../training/graph/ops/argMax.ts';
import { mul, sub } from '../../../training/graph/ops/arithmetic.ts';
import { expand, reduceSum, reduceSumOp } from '../../../training/graph/ops/broadcast.ts';
import { clip } from '../../../training/graph/ops/clip.ts';
import { concat } from '../../../training/graph/ops/concat.ts';
import { elu } from '../../../training/graph/ops/exponentials.ts';
import { eyeLike } from '../../../training/graph/ops/eyeLike.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { stopGradient } from '../../../training/graph/ops/identity.ts';
import { lookUp, translate } from '../../../training/graph/ops/labelEncoder.ts';
import { reduceMean } from '../../../training/graph/ops/mean.ts';
import { oneHot } from '../../../training/graph/ops/oneHot.ts';
import { oneHotOfStrings } from '../../../training/graph/ops/oneHotEncoder.ts';
import { sign, sqrt } from '../../../training/graph/ops/powers.ts';
import { reduceProd } from '../../../training/graph/ops/product.ts';
import { OPS } from '../../../training/graph/ops/registry.ts';
import { scatterColumns } from '../../../training/graph/ops/scatter.ts';
import { elementCount, shapeOf, toFloat32, toInt64 } from '../../../training/graph/ops/shape.ts';
import { squeeze, unsqueeze } from '../../../training/graph/ops/squeeze.ts';
import { step } from '../../../training/graph/ops/step.ts';
import { svmRegressor } from '../../../training/graph/ops/svmRegressor.ts';
import { topK } from '../../../training/graph/ops/topK.ts';
import { treeEnsembleRegressor } from '../../../training/graph/ops/treeEnsembleRegressor.ts';
import { isNan, where } from '../../../training/graph/ops/where.ts';
import type { Op, Shape } from '../../../training/graph/types.ts';
import { apply, int64s, scalar } from '../../../training/graph/value.ts';
import { IMAGE_OP_CASES } from './imageOpCases.ts';
import type { OpCase } from './opCase.ts';
import { SEQUENCE_OP_CASES } from './sequenceOpCases.ts';

const WORDS = ['n', 'süd', 'N', ''] as const;
const POSITIVE = [0.3, 3] as const;
const SUPPORT_VECTORS = {
  vectors: [0.5, -1, 1.5, 1, 0, -0.5],
  coefficients: [0.75, -1.25],
  intercept: 0.3,
  gamma: 0.4,
};

/** A tree with branches on both sides, and one that is a leaf only. */
const TREES = [
  [
    { column: 2, threshold: 0.25, below: 1, above: 2 },
    { column: 0, threshold: -0.5, below: 3, above: 4 },
    { leaf: 2.5 },
    { leaf: -1 },
    { leaf: 0.75 },
  ],
  [{ leaf: 0.5 }],
];

function unary(op: Op, range: readonly [number, number] = [-2, 2]): OpCase[] {
  return [
    { inputs: [['N', 5]], build: (inputs) => apply(op, inputs), range },
    { inputs: [[3, 1, 7]], build: (inputs) => apply(op, inputs), range },
    { inputs: [[]], build: (inputs) => apply(op, inputs), range },
  ];
}

/** Operators along the last axis. */
function rows(op: Op): OpCase[] {
  const shapes: Shape[] = [
    ['N', 5],
    ['N', 1],
    [3, 'N', 7],
  ];
  return shapes.map((shape) => ({ inputs: [shape], build: (inputs) => apply(op, inputs) }));
}

function binary(op: Op, range: readonly [number, number] = [-2, 2]): OpCase[] {
  const shapes: [Shape, Shape][] = [
    [
      ['N', 7],
      ['N', 7],
    ],
    [['N', 7], [7]],
    [[1], ['N', 3]],
    [
      ['N', 1],
      ['N', 5],
    ],
    [[], ['N', 3]],
    [
      [3, 1, 5],
      [7, 1],
    ],
    [
      ['N', 1],
      [1, 9],
    ],
  ];
  return shapes.map((inputs) => ({ inputs, build: (values) => apply(op, values), range }));
}

const gemmCases: OpCase[] = [
  {
    inputs: [
      ['N', 7],
      [7, 3],
    ],
    build: ([a, b]) => gemm(a!, b!),
  },
  { inputs: [['N', 7], [7, 3], [3]], build: ([a, b, bias]) => gemm(a!, b!, { bias: bias! }) },
  {
    inputs: [
      ['N', 7],
      [7, 3],
      [1, 3],
    ],
    build: ([a, b, bias]) => gemm(a!, b!, { bias: bias! }),
  },
  {
    inputs: [
      [7, 'N'],
      [7, 3],
    ],
    build: ([a, b]) => gemm(a!, b!, { transA: true }),
  },
  {
    inputs: [
      ['N', 7],
      [3, 7],
    ],
    build: ([a, b]) => gemm(a!, b!, { transB: true }),
  },
  {
    inputs: [[7, 'N'], [3, 7], []],
    build: ([a, b, bias]) => gemm(a!, b!, { transA: true, transB: true, bias: bias! }),
  },
  {
    inputs: [
      ['N', 1],
      [1, 1],
    ],
    build: ([a, b]) => gemm(a!, b!),
  },
];

const expandShapes: [Shape, Shape][] = [
  [
    [1, 3],
    ['N', 3],
  ],
  [[3], ['N', 5, 3]],
  [[], [7, 1]],
  [
    ['N', 1],
    ['N', 9],
  ],
];
const expandCases = expandShapes.map(
  (inputs): OpCase => ({ inputs, wrt: [0], build: ([x, like]) => expand(x!, like!) }),
);

/** A condition and the values that it selects from. */
const whereShapes: Shape[][] = [
  [
    ['N', 5],
    ['N', 5],
    ['N', 5],
  ],
  [['N', 5], [], ['N', 5]],
  [['N', 5], [5], []],
  [[5], ['N', 1], [3, 1, 5]],
];

export const OP_CASES: Readonly<Record<keyof typeof OPS, readonly OpCase[]>> = {
  Abs: unary(OPS.Abs),
  Add: binary(OPS.Add),
  ArgMax: [
    { inputs: [['N', 5]], build: ([x]) => argMax(x!, 1) },
    { inputs: [[3, 4, 'N']], build: ([x]) => argMax(x!, 1) },
    // The first among equal values.
    { inputs: [['N', 9]], build: ([x]) => argMax(sign(x!), 1) },
  ],
  AveragePool: IMAGE_OP_CASES.AveragePool,
  BinaryCrossEntropy: [
    {
      inputs: [
        ['N', 5],
        ['N', 5],
      ],
      build: (inputs) => apply(OPS.BinaryCrossEntropy, inputs),
    },
    {
      inputs: [
        ['N', 3, 7],
        ['N', 3, 7],
      ],
      build: (inputs) => apply(OPS.BinaryCrossEntropy, inputs),
      range: [-9, 9],
    },
  ],
  // Last axes with many divisors, with none, and with more values than one product has factors.
  BinaryCrossEntropySum: [
    ['N', 12],
    ['N', 3, 7],
    [2, 'N', 37],
    ['N', 96],
  ].map(
    (shape): OpCase => ({
      inputs: [shape, shape],
      build: (inputs) => apply(OPS.BinaryCrossEntropySum, inputs),
      range: [-9, 9],
    }),
  ),
  Cast: [
    { inputs: [['N', 3]], build: ([x]) => elementCount(x!) },
    { inputs: [['N', 3]], build: ([x]) => toInt64(x!), range: [-3, 3] },
    { inputs: [['N', 3]], build: ([x]) => toFloat32(toInt64(x!)), range: [-3, 3] },
  ],
  Clip: [{ min: -0.5, max: 1 }, { min: 0.2 }, { max: 0 }, {}].map(
    (bounds): OpCase => ({ inputs: [['N', 5]], build: ([x]) => clip(x!, bounds) }),
  ),
  Concat: [
    {
      inputs: [
        ['N', 3],
        ['N', 2],
      ],
      build: (inputs) => concat(inputs, 1),
    },
    {
      inputs: [
        [2, 'N', 3],
        [1, 'N', 3],
        [4, 'N', 3],
      ],
      build: (inputs) => concat(inputs, 0),
    },
    {
      inputs: [
        [3, 2],
        [3, 2],
      ],
      build: (inputs) => concat(inputs, 1),
    },
  ],
  Conv: IMAGE_OP_CASES.Conv,
  ConvTranspose: IMAGE_OP_CASES.ConvTranspose,
  Div: binary(OPS.Div, POSITIVE),
  Elu: [1, 1.67].map((alpha): OpCase => ({ inputs: [['N', 5]], build: ([x]) => elu(x!, alpha) })),
  Erf: unary(OPS.Erf),
  Exp: unary(OPS.Exp),
  Expand: expandCases,
  EyeLike: [
    { inputs: [['N', 'N']], build: ([x]) => eyeLike(x!) },
    { inputs: [['N', 3]], build: ([x]) => eyeLike(x!) },
  ],
  GRU: SEQUENCE_OP_CASES.GRU,
  Gather: IMAGE_OP_CASES.Gather,
  Gemm: gemmCases,
  HardSigmoid: [
    { inputs: [['N', 5]], build: (inputs) => apply(OPS.HardSigmoid, inputs, { alpha: 0.4, beta: 0.3 }) },
    { inputs: [['N', 5]], build: ([x]) => step(x!) },
  ],
  Identity: [{ inputs: [['N', 3]], build: ([x]) => stopGradient(x!) }],
  IsNaN: [{ inputs: [['N', 5]], build: ([x]) => isNan(sqrt(x!)) }],
  LSTM: SEQUENCE_OP_CASES.LSTM,
  LabelEncoder: [
    { inputs: [['N', 1]], words: WORDS, build: ([x]) => lookUp(x!, ['', 'süd', 'n'], [1, -2.5, 3], 0.25) },
    {
      inputs: [['N', 3]],
      words: WORDS,
      // Unknown strings become '', which is a key of the second mapping.
      build: ([x]) => lookUp(translate(x!, ['', 'n'], ['n', 'süd'], ''), ['', 'n', 'süd'], [1, 2, 3], 0),
    },
  ],
  LeakyRelu: [0.01, 0.3].map(
    (alpha): OpCase => ({ inputs: [['N', 5]], build: ([x]) => leakyRelu(x!, alpha) }),
  ),
  Log: unary(OPS.Log, POSITIVE),
  LogSoftmax: rows(OPS.LogSoftmax),
  MaxPool: IMAGE_OP_CASES.MaxPool,
  MaxUnpool: IMAGE_OP_CASES.MaxUnpool,
  Mul: binary(OPS.Mul),
  Neg: unary(OPS.Neg),
  OneHot: [
    { inputs: [['N', 3]], build: ([x]) => oneHot(toInt64(x!), 4), range: [0, 3.99] },
    { inputs: [['N']], build: ([x]) => oneHot(toInt64(x!), 2), range: [0, 1.99] },
  ],
  OneHotEncoder: [
    { inputs: [['N', 1]], words: WORDS, build: ([x]) => oneHotOfStrings(x!, ['n', 'süd'], 'zeros') },
    { inputs: [['N', 1]], words: WORDS, build: ([x]) => oneHotOfStrings(x!, [...WORDS].sort(), 'error') },
  ],
  Pad: IMAGE_OP_CASES.Pad,
  ReduceMean: [
    { inputs: [['N', 5]], build: ([x]) => reduceMean(x!) },
    { inputs: [['N', 5]], build: ([x]) => reduceMean(x!, [0]) },
    { inputs: [['N', 5]], build: ([x]) => reduceMean(x!, [-1]) },
    { inputs: [[3, 'N', 7]], build: ([x]) => reduceMean(x!, [0, 2]) },
  ],
  ReduceProd: [
    { inputs: [['N', 5]], build: ([x]) => reduceProd(x!, [1]), range: POSITIVE },
    { inputs: [[3, 'N', 7]], build: ([x]) => reduceProd(x!, [0, 2]), range: POSITIVE },
  ],
  ReduceSum: [
    { inputs: [['N', 5]], build: ([x]) => reduceSum(x!) },
    { inputs: [['N', 5]], build: ([x]) => reduceSum(x!, [0]) },
    { inputs: [[3, 'N', 7]], build: ([x]) => reduceSum(x!, [1]) },
    { inputs: [[3, 'N', 7]], build: ([x]) => apply(reduceSumOp, [x!], { axes: [0, 2], keepdims: 1 }) },
  ],
  Relu: unary(OPS.Relu),
  Reshape: IMAGE_OP_CASES.Reshape,
  Resize: IMAGE_OP_CASES.Resize,
  SVMRegressor: [{ inputs: [['N', 3]], build: ([x]) => svmRegressor(x!, SUPPORT_VECTORS) }],
  Scan: SEQUENCE_OP_CASES.Scan,
  ScatterElements: [
    // Columns in another order for every row, without duplicates; the last one counted from the end.
    {
      inputs: [
        ['N', 7],
        ['N', 7],
        ['N', 3],
      ],
      build: ([x, order, updates]) => scatterColumns(x!, topK(order!, int64s([3])).indices, updates!),
    },
    {
      inputs: [
        ['N', 5],
        ['N', 1],
      ],
      build: ([x, updates]) =>
        scatterColumns(x!, toInt64(sub(mul(updates!, scalar(0)), scalar(1))), updates!),
    },
  ],
  Shape: [{ inputs: [['N', 3]], build: ([x]) => shapeOf(x!) }],
  Sigmoid: unary(OPS.Sigmoid, [-6, 6]),
  Sign: unary(OPS.Sign),
  Size: [{ inputs: [['N', 3]], build: (inputs) => apply(OPS.Size, inputs) }],
  Softmax: rows(OPS.Softmax),
  Softplus: unary(OPS.Softplus, [-6, 6]),
  Split: SEQUENCE_OP_CASES.Split,
  Sqrt: unary(OPS.Sqrt, POSITIVE),
  Squeeze: [
    { inputs: [['N', 1, 3]], build: ([x]) => squeeze(x!, [1]) },
    { inputs: [[1, 'N', 1]], build: ([x]) => squeeze(x!, [0, 2]) },
  ],
  Sub: binary(OPS.Sub),
  Tanh: unary(OPS.Tanh),
  TopK: [
    { inputs: [['N', 9]], build: ([x]) => topK(x!, int64s([4])).values },
    { inputs: [['N', 9]], build: ([x]) => topK(x!, int64s([9])).indices },
    // Half of the values are equal: the lower index comes first.
    { inputs: [[3, 'N', 8]], build: ([x]) => topK(relu(x!), int64s([8])).indices },
  ],
  Transpose: IMAGE_OP_CASES.Transpose,
  TreeEnsembleRegressor: [{ inputs: [['N', 3]], build: ([x]) => treeEnsembleRegressor(x!, TREES) }],
  Unsqueeze: [
    { inputs: [['N', 3]], build: ([x]) => unsqueeze(x!, [0]) },
    { inputs: [['N', 3]], build: ([x]) => unsqueeze(x!, [1, 3]) },
  ],
  Where: whereShapes.map(
    (shapes): OpCase => ({
      inputs: shapes,
      wrt: [1, 2],
      build: ([x, a, b]) => where(isNan(sqrt(x!)), a!, b!),
    }),
  ),
};
