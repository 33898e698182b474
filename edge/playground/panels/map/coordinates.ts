import type { ModelDescription } from '../../../../shared/api.ts';
import { offers } from '../../model.ts';
import type { BodyOf, Call, Service } from '../../service.ts';

/** The request for the coordinates of rows: `reduce` or, where there are no principal components, `encode`. */
export function coordinatesCall(
  model: ModelDescription,
  reference: string,
  rows: BodyOf<'reduce'>['rows'],
): Call<'reduce'> | Call<'encode'> {
  return { model: reference, operation: offers(model, 'reduce') ? 'reduce' : 'encode', body: { rows } };
}

/** Returns `[rows, 2]`: the reduced codes, or the first two of their dimensions. */
export async function coordinatesOf(
  model: ModelDescription,
  reference: string,
  rows: BodyOf<'reduce'>['rows'],
  { run }: Service,
): Promise<Float32Array> {
  const answer = await run<'reduce' | 'encode'>(coordinatesCall(model, reference, rows));
  const found = 'coordinates' in answer ? answer.coordinates : answer.codes;
  // A row that cannot be encoded is null; a code may be of one number.
  return Float32Array.from(found.flatMap((point) => [point?.[0] ?? Number.NaN, point?.[1] ?? 0]));
}
