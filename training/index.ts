/** The public interface of training. */
export { DivergedError, GateError, InputError, InterruptedError } from '../shared/errors.ts';
export { type Artifact, readArtifact } from './artifact.ts';
export type { Dataset } from './data/dataset.ts';
export { digits } from './data/digits.ts';
export { fromInteractions, fromItemLists, type Interaction } from './data/interactions.ts';
export { withLabelColumns } from './data/labels.ts';
export { mnist } from './data/mnist.ts';
export { fromRows } from './data/rows.ts';
export type { EngineName } from './engines/registry.ts';
export { jsonLines } from './history.ts';
export type { VariantName } from './models/registry.ts';
export type { Settings } from './settings.ts';
export { type Trained, type TrainOptions, train } from './train.ts';
export type { Epoch } from './trainer.ts';
