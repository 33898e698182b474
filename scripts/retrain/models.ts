/** Which models there are. */
import { InputError } from '../../shared/errors.ts';
import type { VersionedBucket } from '../store/bucket.ts';

/** Those that have such an object, in alphabetical order. */
export async function modelsIn(bucket: VersionedBucket, file: string): Promise<string[]> {
  const { delimitedPrefixes } = await bucket.list({ prefix: '', delimiter: '/' });
  const folders = delimitedPrefixes.map((prefix) => prefix.slice(0, -1));
  const names: string[] = [];
  for (const folder of folders.toSorted()) {
    if ((await bucket.head(`${folder}/${file}`)) !== null) names.push(folder);
  }
  return names;
}

/** The only one there is, where none is named. @throws {InputError} where there are several, or none. */
export async function chosenModel(
  bucket: VersionedBucket,
  file: string,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  const names = await modelsIn(bucket, file);
  if (names.length === 1) return names[0]!;
  throw new InputError(
    names.length === 0
      ? 'there is no model in the bucket: publish one with npm run retrain'
      : `expected the name of a model, one of ${names.join(', ')}`,
  );
}
