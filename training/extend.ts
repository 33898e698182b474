/** Building blocks for custom variants, layers, losses and operators (`latentedge/extend`). */
export { relu, sigmoid, softplus, tanh } from './graph/ops/activations.ts';
export { add, div, mul, neg, sub } from './graph/ops/arithmetic.ts';
export { expand, reduceSum } from './graph/ops/broadcast.ts';
export { clip } from './graph/ops/clip.ts';
export { concat, split } from './graph/ops/concat.ts';
export { conv, convTranspose } from './graph/ops/conv.ts';
export { elu, erf, exp, logSoftmax, softmax } from './graph/ops/exponentials.ts';
export { gather } from './graph/ops/gather.ts';
export { gemm } from './graph/ops/gemm.ts';
export { stopGradient } from './graph/ops/identity.ts';
export { reduceMean } from './graph/ops/mean.ts';
export { abs, log, sign, sqrt, square } from './graph/ops/powers.ts';
export { reshape } from './graph/ops/reshape.ts';
export { elementwise, requireFloat32 } from './graph/ops/shapeRules.ts';
export { squeeze, unsqueeze } from './graph/ops/squeeze.ts';
export { transpose } from './graph/ops/transpose.ts';
export { isNan, where } from './graph/ops/where.ts';
export type { Op, Shape, Value, Variable } from './graph/types.ts';
export { apply, constant, float32s, GraphError, scalar, variable } from './graph/value.ts';
export { ACTIVATIONS, type Activation } from './layers/activations.ts';
export { conv2d } from './layers/conv2d.ts';
export { convTranspose2d } from './layers/convTranspose2d.ts';
export { dense } from './layers/dense.ts';
export { dropout } from './layers/dropout.ts';
export { INITIALIZERS, initialWeight } from './layers/initializers.ts';
export { type Context, type Layer, sequential } from './layers/layer.ts';
export { maxPool2d } from './layers/maxPool2d.ts';
export { recurrent } from './layers/recurrent.ts';
export { flatten } from './layers/reshape.ts';
export { upsample2d } from './layers/upsample2d.ts';
export { type DeterministicParts, deterministic } from './models/deterministic.ts';
export type { Autoencoder, StepOutput, Variant } from './models/model.ts';
export { codeActivation, encoderDecoder, loss, stackSettings } from './models/stack.ts';
export { defineVariant, type NamedVariant } from './models/variantChoice.ts';
export {
  type NamedLoss,
  RECONSTRUCTION_LOSSES,
  type ReconstructionLoss,
} from './objectives/reconstruction.ts';
export { OPTIMIZERS } from './optimizers/registry.ts';
export { SCHEDULES } from './schedules/registry.ts';
