/** Contents of the bucket of logged rows. */
import { FEEDBACK_FOLDER } from '../../shared/loggedRows.ts';
import { listAll, type ModelBucket } from '../store/bucket.ts';

export interface LoggedDays {
  /** The model; null for labels, which are of all models. */
  readonly model: string | null;
  readonly days: number;
  readonly first: string;
  readonly last: string;
  readonly objects: number;
}

/** Counts days and objects of each model's rows, and of labels. */
export async function listLogged(bucket: ModelBucket): Promise<LoggedDays[]> {
  const rows = (await listAll(bucket, { prefix: 'rows/' })).keys.map((key) => key.split('/'));
  const models = new Map<string, string[]>();
  for (const [, model, day] of rows) models.set(model!, [...(models.get(model!) ?? []), day!]);
  const { keys } = await listAll(bucket, { prefix: FEEDBACK_FOLDER });
  return [
    ...[...models].map(([model, days]) => daysOf(model, days)),
    ...(keys.length === 0
      ? []
      : [
          daysOf(
            null,
            keys.map((key) => key.split('/')[1]!),
          ),
        ]),
  ];
}

function daysOf(model: string | null, days: readonly string[]): LoggedDays {
  const different = [...new Set(days)].sort();
  const [first, last] = [different[0]!, different.at(-1)!];
  return { model, days: different.length, first, last, objects: days.length };
}
