/** Features of an imported model as the manifest describes them. */
import type { FeatureColumn, Features } from '../../shared/features.ts';
import { featureStatistics } from '../data/statistics.ts';
import { numbersOf } from '../data/table.ts';
import { isRaw } from '../evaluate/outputs.ts';
import { imageUse } from './imageUse.ts';
import type { InputLayout } from './inputLayout.ts';
import type { Understanding } from './understand.ts';

/** Statistics are those of the rows that were given, and unknown if none were. */
export function importedFeatures({ model: { layout }, sample, white: stated }: Understanding): Features {
  const { rows, names, source, ignored } = sample;
  const { width } = layout;
  const rowShape = rowShapeOf(layout);
  const { layout: image, white } = imageUse(layout, sample, stated);
  const unknown = new Array<null>(width).fill(null);
  const none = { mean: unknown, standardDeviation: unknown, min: unknown, max: unknown };
  return {
    count: width,
    dtype: 'float32',
    names: names === null ? null : [...names],
    ...(ignored.length > 0 && { ignored: [...ignored] }),
    units: null,
    rowShape,
    // Without the channels' axis, if the shape has none.
    imageLayout: image !== null && rowShape.length === 2 ? 'HW' : image,
    ...(white !== 1 && { white }),
    statistics: source === undefined ? none : isRaw(rows) ? tableStatistics(rows) : featureStatistics(rows),
    optional: false,
    ...(isRaw(rows) && { columns: rows.columns.map(({ type }) => describedColumn(type)) }),
  };
}

/** The shape of the only input; an image of one channel is one of its height and width. */
function rowShapeOf({ varying: parts, width }: InputLayout): number[] {
  const [first, ...others] = parts;
  const { sizes } = first!;
  if (others.length > 0 || sizes.length < 2) return [width];
  return sizes.length === 3 && sizes[0] === 1 ? sizes.slice(1) : [...sizes];
}

function tableStatistics({
  table,
}: Extract<Understanding['sample']['rows'], { table: unknown }>): Features['statistics'] {
  const each = table.columns.map((column) => {
    if (column.type === 'category') return undefined;
    const data = Float32Array.from(numbersOf(column));
    return featureStatistics({ data, rowCount: data.length, width: 1 });
  });
  const of = (name: 'mean' | 'standardDeviation' | 'min' | 'max') =>
    each.map((statistics) => statistics?.[name][0] ?? null);
  return { mean: of('mean'), standardDeviation: of('standardDeviation'), min: of('min'), max: of('max') };
}

/** Whatever the graph does to a column, the manifest does not know. */
function describedColumn(type: FeatureColumn['type']): FeatureColumn {
  return { type, optional: false, transforms: [] };
}
