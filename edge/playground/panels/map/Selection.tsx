import type { CodeMap } from '../../../../shared/mapFile.ts';
import { short } from '../../model.ts';
import { labelText } from './Point.tsx';

/** Points that are listed one by one. */
const LISTED = 24;
/** Values of a category that are counted one by one. */
const COUNTED = 6;

interface SelectionProps {
  readonly map: CodeMap;
  readonly points: readonly number[];
  readonly noun: string;
  readonly onChoose: (point: number) => void;
  readonly onClear: () => void;
}

/** The points that were drawn around: their number, what they have in common, and a list of some. */
export function Selection({ map, points, noun, onChoose, onClear }: SelectionProps) {
  const labels = map.columns.filter(({ role }) => role === 'label').map(({ name }) => name);
  return (
    <section aria-label="The selection">
      <h2>
        <span aria-live="polite">
          {points.length.toLocaleString('en')} of {map.ids.length.toLocaleString('en')} selected
        </span>
        <button type="button" class="quiet" onClick={onClear}>
          Select none
        </button>
      </h2>
      {points.length > 0 && (
        <dl class="facts">
          {map.columns.map(({ name, categories }, i) => (
            <>
              <dt key={name}>{name}</dt>
              <dd>{categories ? counts(map, i, points) : average(map.values[i]!, points)}</dd>
            </>
          ))}
        </dl>
      )}
      <h3>Some of them{labels.length > 0 && `, with ${labels.join(', ')}`}</h3>
      <ul class="near">
        {points.slice(0, LISTED).map((point) => (
          <li key={point}>
            <button
              type="button"
              class="quiet"
              aria-label={`${noun} ${map.ids[point]}`}
              onClick={() => onChoose(point)}
            >
              {map.ids[point]} <span class="faint">{labelText(map, point)}</span>
            </button>
          </li>
        ))}
      </ul>
      {points.length > LISTED && <p class="faint">The first {LISTED} are listed.</p>}
    </section>
  );
}

function counts({ columns, values }: CodeMap, column: number, points: readonly number[]): string {
  const found = new Map<string, number>();
  for (const point of points) {
    const name = columns[column]!.categories![values[column]![point]!] ?? 'missing';
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  const ordered = [...found].sort(([, a], [, b]) => b - a);
  const shown = ordered.slice(0, COUNTED).map(([name, count]) => `${name} (${count.toLocaleString('en')})`);
  return [...shown, ...(ordered.length > COUNTED ? [`${ordered.length - COUNTED} more`] : [])].join(', ');
}

function average(values: Float32Array, points: readonly number[]): string {
  const known = points.map((point) => values[point]!).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return 'missing';
  const mean = (some: ArrayLike<number>) =>
    Array.from(some).reduce((sum, value) => sum + value, 0) / some.length;
  const all = values.filter((value) => !Number.isNaN(value));
  return `mean ${short(mean(known))} (of all: ${short(mean(all))})`;
}
