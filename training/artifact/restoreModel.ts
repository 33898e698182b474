/** Restores the model of an artifact. */
import { InputError } from '../../shared/errors.ts';
import { graphEntries, type Manifest } from '../../shared/manifest.ts';
import type { TrainedModel } from '../evaluate/metrics/metrics.ts';
import { programOf } from '../fitting/program.ts';
import { ModelProto } from '../graph/schema.ts';
import { readWeights } from '../graph/weights/weightTypes.ts';
import { VARIANTS, type VariantName } from '../models/registry.ts';
import { type NamedVariant, variantOf } from '../models/variantChoice.ts';
import { createOptimizer } from '../optimizers/create.ts';
import { rowWidth } from '../preprocess/layout.ts';
import { type ResolvedSettings, resolveSettings } from '../settings.ts';
import type { Artifact } from './artifact.ts';
import { fittedColumns } from './describeFeatures.ts';
import { TRANSPOSED } from './foldConstants.ts';

export interface RestoredModel extends TrainedModel {
  readonly settings: ResolvedSettings;
}

/**
 * Builds the model that the manifest describes, with the weights of its graphs.
 * @param variants Variants that the project defines itself.
 * @throws {InputError} for a variant or setting that neither this version of latentedge nor the project has.
 */
export function restoreModel(
  { manifest, graphs }: Artifact,
  variants: readonly NamedVariant[] = [],
): RestoredModel {
  const { features, recipe, training } = manifest;
  const definition = recordedVariant(manifest, variants);
  const settings = resolveSettings(definition, recipe.config);
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
  for (const { name, shape } of program.parameters) {
    const folded = weights.get(name + TRANSPOSED);
    if (folded !== undefined && !weights.has(name)) weights.set(name, transposed(folded, shape));
  }
  return { settings, model, program, weights };
}

/** A weight of the given shape from its transpose. */
function transposed(folded: Float32Array, [rows, columns]: readonly number[]): Float32Array {
  return Float32Array.from({ length: folded.length }, (_, i) => {
    const [row, column] = [Math.floor(i / columns!), i % columns!];
    return folded[column * rows! + row]!;
  });
}

function recordedVariant({ name, variant }: Manifest, variants: readonly NamedVariant[]): NamedVariant {
  const own = variants.find((each) => each.name === variant);
  if (own !== undefined) return own;
  if (Object.hasOwn(VARIANTS, variant)) return variantOf(variant as VariantName);
  const known = [...Object.keys(VARIANTS), ...variants.map((each) => each.name)].join(', ');
  throw new InputError(
    `${name}: variant '${variant}' is unknown; expected one of ${known}. A variant of your own is found if a recipe in models.ts has it`,
  );
}
