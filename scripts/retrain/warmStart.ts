/** Starting a challenger from the champion's weights. */
import { InputError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { Rows } from '../../shared/tensor.ts';
import { fittedColumns } from '../../training/artifact/describeFeatures.ts';
import { STAND_IN } from '../../training/artifact/foldConstants.ts';
import { restoreModel } from '../../training/artifact/restoreModel.ts';
import type { Dataset } from '../../training/data/dataset.ts';
import type { InitialWeights } from '../../training/fitting/initialWeights.ts';
import { programOf } from '../../training/fitting/program.ts';
import type { Variable, Weights } from '../../training/graph/types.ts';
import { variantOf } from '../../training/models/variantChoice.ts';
import { createOptimizer } from '../../training/optimizers/create.ts';
import { encodedNames } from '../../training/preprocess/layout.ts';
import { resolveSettings } from '../../training/settings.ts';
import type { PreparedRun } from '../cli/preparedRun.ts';
import { ownVariants } from '../cli/recipes.ts';
import type { StoredArtifact } from './stored.ts';

/**
 * Returns the champion's weights as the challenger takes them. Where the encoded features differ, for instance
 * by a new category or item, weights are matched by name, and those of new features are random.
 * @throws {InputError} if the weights do not fit.
 */
export async function warmStart(
  { manifest, graphs }: StoredArtifact,
  { recipe, data, settings }: PreparedRun,
  seed: number,
): Promise<InitialWeights> {
  const source = `${manifest.name}@${manifest.version}`;
  const restored = restoreModel({ manifest, graphs, directory: '' }, await ownVariants());
  const learned = withStandIns(restored.weights);
  const parametersAt = (width: number) => {
    const resolved = resolveSettings(recipe.variant, settings);
    const shape = data.rowShape.length === 1 ? [width] : data.rowShape;
    const model = variantOf(recipe.variant).build(resolved.model, width, seed, shape);
    return programOf(model, width, createOptimizer(resolved.optimizer), seed).parameters;
  };
  const { width } = data.rows;
  const own = parametersAt(width);
  const [old, now] = [namesOf(manifest), data.featureNames];
  if (old === null || now === null || old.join('\n') === now.join('\n'))
    return { source, weights: fitting(source, own, learned) };
  // The parameters whose size depends on the number of features are found by building a wider model.
  const wider = new Map(parametersAt(width + 1).map(({ name, shape }) => [name, shape]));
  const places = matched(old, now, data);
  const weights = own.map((variable): [string, Float32Array] => {
    const axis = variable.shape.findIndex((size, i) => wider.get(variable.name)?.[i] !== size);
    const known = requireWeights(source, learned, variable.name);
    return [
      variable.name,
      axis < 0 ? known : moved(source, variable, known, { axis, places, from: old.length }),
    ];
  });
  return { source, weights: fitting(source, own, new Map(weights)) };
}

/** Adds weights that export has folded, by their names, as the values that stand in for them. */
function withStandIns(weights: Weights): Weights {
  const standIns = [...weights]
    .filter(([name]) => name.endsWith(STAND_IN))
    .map(([name, values]) => [name.slice(0, -STAND_IN.length), values] as const);
  return new Map([...weights, ...standIns]);
}

/** Names of the numbers that the model sees, in order. */
function namesOf(manifest: Manifest): readonly string[] | null {
  const columns = fittedColumns(manifest);
  return columns === undefined ? manifest.features.names : encodedNames(columns);
}

/** For each feature, its place among the champion's features; -1 for a new one. */
function matched(old: readonly string[], now: readonly string[], { source }: Dataset<Rows>): number[] {
  const place = new Map(old.map((name, i) => [name, i]));
  const places = now.map((name) => place.get(name) ?? -1);
  const kept = places.filter((each) => each >= 0).length;
  if (kept * 2 >= Math.max(old.length, now.length)) return places;
  throw new InputError(
    `${source}: expected most of the champion's ${old.length} features, found ${kept} among ${now.length}`,
  );
}

interface Move {
  /** The axis of the features. */
  readonly axis: number;
  readonly places: readonly number[];
  /** Size of that axis in the champion's weights. */
  readonly from: number;
}

/** Rearranges weights along the axis of the features; new features keep their random weights. */
function moved(
  source: string,
  { name, shape, initial }: Variable,
  known: Float32Array,
  { axis, places, from }: Move,
): Float32Array {
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const to = places.length;
  if (shape[axis] !== to || known.length !== outer * from * inner) {
    throw new InputError(
      `${source}: the weights of ${name} do not depend on the features in a way that is known`,
    );
  }
  const weights = Float32Array.from(initial);
  for (let o = 0; o < outer; o++)
    places.forEach((place, feature) => {
      if (place < 0) return;
      const start = (o * from + place) * inner;
      weights.set(known.subarray(start, start + inner), (o * to + feature) * inner);
    });
  return weights;
}

function requireWeights(source: string, weights: Weights, name: string): Float32Array {
  const known = weights.get(name);
  if (known !== undefined) return known;
  throw new InputError(
    `${source}: has no weights for ${name}: it was trained with another variant, other settings or an older version`,
  );
}

function fitting(source: string, parameters: readonly Variable[], weights: Weights): Weights {
  for (const { name, initial } of parameters) {
    const known = requireWeights(source, weights, name);
    if (known.length === initial.length) continue;
    throw new InputError(
      `${source}: expected ${initial.length} weights for ${name}, found ${known.length}: it was trained with other settings`,
    );
  }
  return weights;
}
