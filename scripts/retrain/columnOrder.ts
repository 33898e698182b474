/** The order of columns: clients may send rows as lists, so it stays that of the champion. */
import type { Manifest } from '../../shared/manifest.ts';
import { encodedDataset } from '../../training/preprocess/dataset.ts';
import type { PreparedRun } from '../cli/preparedRun.ts';

/** Returns the run with its columns in the champion's order, if they are the same ones in another order. */
export function inChampionOrder(prepared: PreparedRun, { features }: Manifest): PreparedRun {
  const { data } = prepared;
  const columns = data.preprocessing?.columns;
  const wanted = features.names;
  if (columns === undefined || wanted === null || columns.length !== wanted.length) return prepared;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const ordered = wanted.flatMap((name) => byName.get(name) ?? []);
  const isSame = ordered.every((column, i) => column === columns[i]);
  if (ordered.length !== columns.length || isSame) return prepared;
  const { notes, source, ...encoded } = encodedDataset(data.preprocessing!.table, ordered);
  return { ...prepared, data: { ...data, ...encoded } };
}
