/**
 * All operators, by type. Each can be differentiated, written to ONNX (directly or lowered) and run in
 * TensorFlow.js.
 */
import type { Op } from '../types.ts';
import { leakyReluOp, reluOp, sigmoidOp, softplusOp, tanhOp } from './activations.ts';
import { argMaxOp } from './argMax.ts';
import { addOp, divOp, mulOp, negOp, subOp } from './arithmetic.ts';
import { averagePoolOp, resizeOp } from './averagePool.ts';
import { expandOp, reduceSumOp } from './broadcast.ts';
import { clipOp } from './clip.ts';
import { concatOp, splitOp } from './concat.ts';
import { convOp, convTransposeOp } from './conv.ts';
import { binaryCrossEntropyOp, binaryCrossEntropySumOp } from './crossEntropy.ts';
import { eluOp, erfOp, expOp, logSoftmaxOp, softmaxOp } from './exponentials.ts';
import { eyeLikeOp } from './eyeLike.ts';
import { gatherOp } from './gather.ts';
import { gemmOp } from './gemm.ts';
import { identityOp } from './identity.ts';
import { labelEncoderOp } from './labelEncoder.ts';
import { maxPoolOp, maxUnpoolOp } from './maxPool.ts';
import { reduceMeanOp } from './mean.ts';
import { oneHotOp } from './oneHot.ts';
import { oneHotEncoderOp } from './oneHotEncoder.ts';
import { padOp } from './pad.ts';
import { absOp, logOp, signOp, sqrtOp } from './powers.ts';
import { reduceProdOp } from './product.ts';
import { gruOp, lstmOp } from './recurrent.ts';
import { reshapeOp } from './reshape.ts';
import { scanOp } from './scan.ts';
import { scatterElementsOp } from './scatter.ts';
import { castOp, shapeOp, sizeOp } from './shape.ts';
import { squeezeOp, unsqueezeOp } from './squeeze.ts';
import { hardSigmoidOp } from './step.ts';
import { svmRegressorOp } from './svmRegressor.ts';
import { topKOp } from './topK.ts';
import { transposeOp } from './transpose.ts';
import { treeEnsembleRegressorOp } from './treeEnsembleRegressor.ts';
import { isNaNOp, whereOp } from './where.ts';

export const OPS = {
  Abs: absOp,
  Add: addOp,
  ArgMax: argMaxOp,
  AveragePool: averagePoolOp,
  BinaryCrossEntropy: binaryCrossEntropyOp,
  BinaryCrossEntropySum: binaryCrossEntropySumOp,
  Cast: castOp,
  Clip: clipOp,
  Concat: concatOp,
  Conv: convOp,
  ConvTranspose: convTransposeOp,
  Div: divOp,
  Elu: eluOp,
  Erf: erfOp,
  Exp: expOp,
  Expand: expandOp,
  EyeLike: eyeLikeOp,
  GRU: gruOp,
  Gather: gatherOp,
  Gemm: gemmOp,
  HardSigmoid: hardSigmoidOp,
  Identity: identityOp,
  IsNaN: isNaNOp,
  LSTM: lstmOp,
  LabelEncoder: labelEncoderOp,
  LeakyRelu: leakyReluOp,
  Log: logOp,
  LogSoftmax: logSoftmaxOp,
  MaxPool: maxPoolOp,
  MaxUnpool: maxUnpoolOp,
  Mul: mulOp,
  Neg: negOp,
  OneHot: oneHotOp,
  OneHotEncoder: oneHotEncoderOp,
  Pad: padOp,
  ReduceMean: reduceMeanOp,
  ReduceProd: reduceProdOp,
  ReduceSum: reduceSumOp,
  Relu: reluOp,
  Reshape: reshapeOp,
  Resize: resizeOp,
  SVMRegressor: svmRegressorOp,
  Scan: scanOp,
  ScatterElements: scatterElementsOp,
  Shape: shapeOp,
  Sigmoid: sigmoidOp,
  Sign: signOp,
  Size: sizeOp,
  Softmax: softmaxOp,
  Softplus: softplusOp,
  Split: splitOp,
  Sqrt: sqrtOp,
  Squeeze: squeezeOp,
  Sub: subOp,
  Tanh: tanhOp,
  TopK: topKOp,
  Transpose: transposeOp,
  TreeEnsembleRegressor: treeEnsembleRegressorOp,
  Unsqueeze: unsqueezeOp,
  Where: whereOp,
} as const satisfies Record<string, Op>;
