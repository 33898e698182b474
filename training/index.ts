/** The public interface of training. */
export { DivergedError, GateError, InputError, InterruptedError, StorageError } from '../shared/errors.ts';
export { type Artifact, readArtifact } from './artifact/artifact.ts';
export { type Evaluated, evaluateArtifact } from './artifact/evaluateArtifact.ts';
export type { Dataset, Parts } from './data/dataset.ts';
export { digits } from './data/digits.ts';
export { imageFolder } from './data/images.ts';
export { fromInteractions, fromItemLists, type Interaction } from './data/interactions.ts';
export { readItems } from './data/itemTable.ts';
export { withLabelColumns } from './data/labels.ts';
export { mnist } from './data/mnist.ts';
export { numericDataset } from './data/numeric.ts';
export { readDataset, readTable } from './data/read.ts';
export { type ColumnRole, inferRoles, type RoleOverrides } from './data/roles.ts';
export { roleTable } from './data/roleTable.ts';
export { fromRows } from './data/rows.ts';
export { columnSplit, givenSplit, randomSplit, stratifiedSplit, timeSplit } from './data/splits.ts';
export { makeBlobs, makeRegression, makeSine } from './data/synthetic.ts';
export {
  type Column,
  columnOf,
  dropMissing,
  selectColumns,
  selectRows,
  type Table,
} from './data/table.ts';
export type { EngineName } from './engines/registry.ts';
export type { Epoch } from './fitting/fit.ts';
export { jsonLines } from './fitting/history.ts';
export type { InitialWeights } from './fitting/initialWeights.ts';
export { tensorBoard } from './fitting/tensorBoard.ts';
export type { VariantName } from './models/registry.ts';
export { defineVariant, type NamedVariant } from './models/variantChoice.ts';
export type { PredictorName } from './predictors/registry.ts';
export { type TableOptions, tableDataset } from './preprocess/dataset.ts';
export type { TransformStep } from './preprocess/steps.ts';
export { defineRecipe } from './recipes/defineRecipe.ts';
export type { AnyRecipe, Division } from './recipes/recipe.ts';
export { RECIPES } from './recipes/registry.ts';
export type { Settings } from './settings.ts';
export { type Trained, type TrainOptions, train } from './train.ts';
