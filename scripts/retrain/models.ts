/** Models in a bucket. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { listAll, type ModelBucket } from '../store/bucket.ts';
import { missingText } from './missingBucket.ts';
import { type Addressed, nextCommand } from './nextCommand.ts';
import type { Target } from './targets/target.ts';

/** Returns the names of the models in alphabetical order: of those that have an object `<model>/<file>`, or of all. */
export async function modelsIn(bucket: ModelBucket, file?: string): Promise<string[]> {
  const { delimitedPrefixes } = await listAll(bucket, { prefix: '', delimiter: '/' });
  const folders = delimitedPrefixes.map((prefix) => prefix.slice(0, -1));
  const names: string[] = [];
  for (const folder of folders.toSorted()) {
    if (file === undefined || (await bucket.head(`${folder}/${file}`)) !== null) names.push(folder);
  }
  return names;
}

/**
 * Returns the given name or, without one, that of the only model.
 * @throws {InputError} if there are several, or none.
 */
export async function chosenModel(
  target: Addressed & Pick<Target, 'bucket' | 'missing'>,
  file: string,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  if (target.missing !== undefined) throw new InputError(await missingText(target.missing));
  const names = await modelsIn(target.bucket, file);
  if (names.length === 1) return names[0]!;
  throw new InputError(
    names.length === 0
      ? `there is no model in the bucket: publish one with "${nextCommand(target, 'retrain', '<recipe>')}"`
      : `expected the name of a model, one of ${names.join(', ')}`,
  );
}

/** The error for a model of which the bucket has nothing. */
export async function unknownModel(
  { bucket, missing }: Pick<Target, 'bucket' | 'missing'>,
  model: string,
): Promise<InputError> {
  if (missing !== undefined)
    return new InputError(`${model} has no version in production: ${await missingText(missing)}`);
  const names = await modelsIn(bucket);
  // Its runs so far were refused, for instance.
  if (names.includes(model))
    return new InputError(`${model} has no version in production: no run or command has promoted one`);
  const known = names.length === 0 ? 'there is none' : `expected one of ${names.join(', ')}`;
  return new InputError(`${model} has no version in production: ${known}${didYouMean(model, names)}`);
}
