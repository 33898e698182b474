/** What an artifact holds in place of rows of the data, if these are not to leave it. */
import type { Matrix } from '../../shared/tensor.ts';
import type { AnyRows } from '../data/batches.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { featureStatistics } from '../data/statistics.ts';
import type { CategoryColumn, Column } from '../data/table.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';

/** Makes up rows: the averages, and the averages plus a standard deviation. */
export function averageRows(rows: AnyRows): Matrix {
  const { mean, standardDeviation } = featureStatistics(rows);
  const data = Float32Array.from([...mean, ...mean.map((value, i) => value + standardDeviation[i]!)]);
  return { data, rowCount: 2, width: rows.width };
}

/** The same for the columns of a table. A category is the most frequent one, and then the next. */
export function averageTable({ columns, table }: Preprocessing): Preprocessing {
  return { columns, table: { ...table, rowCount: 2, columns: table.columns.map(averageColumn) } };
}

function averageColumn(column: Column): Column {
  if (column.type === 'category') return { ...column, codes: mostFrequent(column) };
  const known = Float32Array.from(column.values).filter((value) => !Number.isNaN(value));
  const { mean, standardDeviation } = featureStatistics({ data: known, rowCount: known.length, width: 1 });
  const averages = [mean[0]!, mean[0]! + standardDeviation[0]!];
  if (column.type === 'boolean')
    return { ...column, values: Float32Array.from(averages, (value) => Math.min(1, Math.round(value))) };
  return { ...column, values: Float64Array.from(averages) };
}

function mostFrequent({ codes, categories }: CategoryColumn): Int32Array {
  const counts = new Uint32Array(categories.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  const [first = -1, second = first] = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]!);
  return Int32Array.of(first, second);
}

/** An evaluation without rows, codes and predictions of rows, texts, and users. Errors and scores stay. */
export function evaluationWithoutRows(evaluation: Evaluation): Evaluation {
  const { neighbours, recommendations, scatter, units } = evaluation;
  return {
    ...evaluation,
    examples: [],
    prediction: null,
    recommendations: recommendations && [],
    neighbours: neighbours && { ...neighbours, texts: null },
    units: units && { ...units, named: [] },
    scatter: { ...scatter, points: [], labels: null },
  };
}
