/** Restores the model of an artifact. */
import { InputError } from '../../shared/errors.ts';
import { graphEntries } from '../../shared/manifest.ts';
import type { TrainedModel } from '../evaluate/metrics/metrics.ts';
import { programOf } from '../fitting/program.ts';
import { ModelProto } from '../graph/schema.ts';
import { readWeights } from '../graph/weights/weightTypes.ts';
import type { Variant } from '../models/model.ts';
import { VARIANTS, type VariantName } from '../models/registry.ts';
import { createOptimizer } from '../optimizers/create.ts';
import { rowWidth } from '../preprocess/layout.ts';
import { type ResolvedSettings, resolveSettings } from '../settings.ts';
import type { Artifact } from './artifact.ts';
import { fittedColumns } from './describeFeatures.ts';

export interface RestoredModel extends TrainedModel {
  readonly settings: ResolvedSettings<VariantName>;
}

/**
 * Builds the model that the manifest describes, with the weights of its graphs.
 * @throws {InputError} for a variant or setting that this version of latentedge does not have.
 */
export function restoreModel({ manifest, graphs }: Artifact): RestoredModel {
  const { features, recipe, training } = manifest;
  const variant = manifest.variant as VariantName;
  if (!Object.hasOwn(VARIANTS, variant)) {
    const known = Object.keys(VARIANTS).join(', ');
    throw new InputError(`${manifest.name}: variant '${variant}' is unknown; expected one of ${known}`);
  }
  const settings = resolveSettings(variant, recipe.config);
  const definition: Variant = VARIANTS[variant];
  const columns = fittedColumns(manifest);
  const width = columns === undefined ? features.count : rowWidth(columns);
  const rowShape = columns === undefined ? features.rowShape : [width];
  const model = definition.build(settings.model, width, training.seed, rowShape);
  const optimizer = createOptimizer(settings.optimizer);
  const program = programOf(model, width, optimizer, training.seed);
  const weights = new Map(
    graphEntries(graphs).flatMap(([, bytes]) =>
      readWeights(ModelProto.decode(bytes).graph?.initializer ?? []),
    ),
  );
  return { settings, model, program, weights };
}
