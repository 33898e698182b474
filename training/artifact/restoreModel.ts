/** The model of an artifact as it was when it was packaged. */
import { InputError } from '../../shared/errors.ts';
import { graphEntries } from '../../shared/manifest.ts';
import type { Program } from '../engines/engine.ts';
import { programOf } from '../fitting/program.ts';
import { ModelProto } from '../graph/schema.ts';
import type { Weights } from '../graph/types.ts';
import { readWeights } from '../graph/weights/weightTypes.ts';
import type { Autoencoder, Variant } from '../models/model.ts';
import { VARIANTS, type VariantName } from '../models/registry.ts';
import { createOptimizer } from '../optimizers/create.ts';
import { rowWidth } from '../preprocess/layout.ts';
import { type ResolvedSettings, resolveSettings } from '../settings.ts';
import type { Artifact } from './artifact.ts';
import { fittedColumns } from './describeFeatures.ts';

export interface Restored {
  readonly settings: ResolvedSettings<VariantName>;
  readonly model: Autoencoder;
  readonly program: Program;
  readonly weights: Weights;
}

/**
 * Builds the model that the manifest describes, with the weights that its graphs hold.
 * @throws {InputError} when this version of latentedge has no such variant or setting.
 */
export function restore({ manifest, graphs }: Artifact): Restored {
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
