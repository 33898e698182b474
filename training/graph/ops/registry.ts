/** Every operator the project can differentiate, write to ONNX and run in TensorFlow.js. */
import type { Op } from '../types.ts';
import { reluOp, sigmoidOp, softplusOp, tanhOp } from './activations.ts';
import { addOp, divOp, mulOp, negOp, subOp } from './arithmetic.ts';
import { expandOp, reduceSumOp } from './broadcast.ts';
import { gemmOp } from './gemm.ts';
import { reduceMeanOp } from './mean.ts';
import { absOp, logOp, signOp, sqrtOp } from './powers.ts';
import { castOp, shapeOp, sizeOp } from './shape.ts';
import { squeezeOp, unsqueezeOp } from './squeeze.ts';

export const OPS = {
  Abs: absOp,
  Add: addOp,
  Cast: castOp,
  Div: divOp,
  Expand: expandOp,
  Gemm: gemmOp,
  Log: logOp,
  Mul: mulOp,
  Neg: negOp,
  ReduceMean: reduceMeanOp,
  ReduceSum: reduceSumOp,
  Relu: reluOp,
  Shape: shapeOp,
  Sigmoid: sigmoidOp,
  Sign: signOp,
  Size: sizeOp,
  Softplus: softplusOp,
  Sqrt: sqrtOp,
  Squeeze: squeezeOp,
  Sub: subOp,
  Tanh: tanhOp,
  Unsqueeze: unsqueezeOp,
} as const satisfies Record<string, Op>;
