/**
 * Test rows in the form in which they are evaluated: numbers as the model sees them, or columns of a table.
 */
import type { FeatureStatistics } from '../../../shared/features.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import { isMissing } from '../../data/table.ts';
import type { Autoencoder } from '../../models/model.ts';
import { encodedWidth, fittedCategories, layoutsOf } from '../../preprocess/layout.ts';
import type { GraphRows } from '../outputs.ts';
import type { Evaluation, ReconstructionExample } from './evaluation.ts';
import { type ExampleOptions, examplesOf, tableExamples } from './examples.ts';
import { noiseColumns, shuffledColumns } from './impostorColumns.ts';
import { noiseRows, shuffledRows } from './impostorRows.ts';
import { describeTarget, type RowDescription, targetsOf } from './target.ts';

export interface EvaluatedRows {
  /** Rows in the form that the graphs take. */
  readonly rows: GraphRows;
  readonly target: Evaluation['target'];
  /** One value per feature error, NaN if the feature is missing and the error does not count. */
  readonly counted: Matrix;
  /** Impostor rows of uniform noise. */
  readonly noise: GraphRows;
  /** Impostor rows with shuffled columns. */
  readonly shuffled: GraphRows;
  readonly examples: (
    options: Pick<ExampleOptions, 'autoencoder' | 'errors' | 'label'>,
  ) => Promise<ReconstructionExample[]>;
}

export interface EvaluatedRowsOptions {
  readonly model: Autoencoder;
  readonly rows: Matrix;
  readonly data: RowDescription;
  /** Statistics of the training rows as the model sees them. */
  readonly statistics: ColumnStatistics;
  /** Number of values in a reconstruction. */
  readonly width: number;
  readonly seed: number;
}

export async function numericRows({
  model,
  rows,
  data,
  statistics,
  width,
  seed,
}: EvaluatedRowsOptions): Promise<EvaluatedRows> {
  return {
    rows,
    target: describeTarget(model, data, statistics, width),
    counted: await targetsOf(model, rows),
    noise: noiseRows(rows, statistics, seed),
    shuffled: shuffledRows(rows, seed),
    examples: (options) => examplesOf({ model, rows, seed, ...options }),
  };
}

/** `raw` is the table that the rows are encoded from; `features` holds statistics of its training rows. */
export function tableRows(
  { rows, statistics, seed }: EvaluatedRowsOptions,
  raw: Preprocessing,
  features: FeatureStatistics,
): EvaluatedRows {
  const layouts = layoutsOf(raw.columns);
  const spreadOf = (layout: (typeof layouts)[number]) => {
    const own = statistics.standardDeviation.slice(layout.start, layout.start + encodedWidth(layout));
    return Math.hypot(...own);
  };
  const counted = new Float32Array(rows.rowCount * layouts.length);
  for (let row = 0; row < rows.rowCount; row++) {
    layouts.forEach(({ start }, i) => {
      counted[row * layouts.length + i] = rows.data[row * rows.width + start]!;
    });
  }
  return {
    rows: raw,
    target: {
      shape: [layouts.length],
      kind: 'table',
      features: raw.columns.map((column, i) => ({
        name: column.name,
        standardDeviation: spreadOf(layouts[i]!),
        categories: [...(fittedCategories(column) ?? [])],
      })),
      range: [0, 1],
    },
    counted: { data: counted, rowCount: rows.rowCount, width: layouts.length },
    noise: noiseColumns(raw, features, seed),
    shuffled: shuffledColumns(raw, seed),
    examples: (options) => tableExamples({ ...options, raw, decoded: (row) => decodedRow(raw, row) }),
  };
}

/** A row in the form of a reconstruction: numbers, NaN if missing; for a category 1, for all others 0. */
export function decodedRow({ columns, table }: Preprocessing, row: number): Float32Array {
  return Float32Array.from(
    columns.flatMap((fitted, i) => {
      const column = table.columns[i]!;
      if (column.type !== 'category') return [column.values[row]!];
      const own = isMissing(column, row) ? undefined : column.categories[column.codes[row]!];
      return fittedCategories(fitted)!.map((category) => Number(category === own));
    }),
  );
}
