/** The form in which test rows are evaluated: numbers as the model sees them, or columns of a table. */
import type { FeatureStatistics } from '../../../shared/features.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import type { ColumnStatistics } from '../../data/statistics.ts';
import { isMissing } from '../../data/table.ts';
import type { Autoencoder } from '../../models/model.ts';
import { encodedWidth, fittedCategories, layoutsOf } from '../../preprocess/layout.ts';
import type { GraphRows } from '../outputs.ts';
import type { Evaluation } from './evaluation.ts';
import { type Example, type ExampleOptions, examplesOf, tableExamples } from './examples.ts';
import { noiseColumns, shuffledColumns } from './impostorColumns.ts';
import { noiseRows, shuffledRows } from './impostorRows.ts';
import { type Layout, targetForm, targetsOf } from './target.ts';

export interface Form {
  /** As the graphs take them. */
  readonly rows: GraphRows;
  readonly target: Evaluation['target'];
  /** For every feature error whether it counts: NaN where the feature is missing. */
  readonly counted: Matrix;
  readonly noise: GraphRows;
  readonly shuffled: GraphRows;
  readonly examples: (
    options: Pick<ExampleOptions, 'autoencoder' | 'errors' | 'label'>,
  ) => Promise<Example[]>;
}

export interface FormOptions {
  readonly model: Autoencoder;
  readonly rows: Matrix;
  readonly layout: Layout & Pick<Dataset, 'roles'>;
  /** Of the training rows, as the model sees them. */
  readonly statistics: ColumnStatistics;
  /** How many values a reconstruction has. */
  readonly width: number;
  readonly seed: number;
}

export async function numbersForm({
  model,
  rows,
  layout,
  statistics,
  width,
  seed,
}: FormOptions): Promise<Form> {
  return {
    rows,
    target: targetForm(model, layout, statistics, width),
    counted: await targetsOf(model, rows),
    noise: noiseRows(rows, statistics, seed),
    shuffled: shuffledRows(rows, seed),
    examples: (options) => examplesOf({ model, rows, seed, ...options }),
  };
}

/** `raw` is the table that the rows are encoded from; `features` are the statistics of its training rows. */
export function tableForm(
  { rows, statistics, seed }: FormOptions,
  raw: Preprocessing,
  features: FeatureStatistics,
): Form {
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

/** A row as graphs answer them: numbers, NaN where missing, and of a category 1 for its own, 0 for the others. */
function decodedRow({ columns, table }: Preprocessing, row: number): Float32Array {
  return Float32Array.from(
    columns.flatMap((fitted, i) => {
      const column = table.columns[i]!;
      if (column.type !== 'category') return [column.values[row]!];
      const own = isMissing(column, row) ? undefined : column.categories[column.codes[row]!];
      return fittedCategories(fitted)!.map((category) => Number(category === own));
    }),
  );
}
