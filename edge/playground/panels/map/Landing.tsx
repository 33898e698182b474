import type { CodeMap } from '../../../../shared/mapFile.ts';
import { short } from '../../model.ts';
import { type Box, nearest, type Place } from './geometry.ts';
import { valueText } from './Point.tsx';

const NEIGHBOURS = 10;

interface LandingProps {
  readonly map: CodeMap;
  readonly own: Place;
  /** The box around all points. */
  readonly whole: Box;
  readonly kept: readonly Place[];
  readonly noun: string;
  readonly onKeep: () => void;
  readonly onClear: () => void;
  readonly onChoose: (point: number) => void;
}

/** Where the reader's row is, in words. */
export function Landing({ map, own, whole, kept, noun, onKeep, onClear, onChoose }: LandingProps) {
  const near = nearest(map.coordinates, own, NEIGHBOURS);
  const isOutside = own.x < whole.left || own.x > whole.right || own.y < whole.bottom || own.y > whole.top;
  const label = map.columns.findIndex(({ role, categories }) => role === 'label' && categories);
  const found = label < 0 ? [] : counted(near.map((point) => valueText(map, label, point)));
  return (
    <>
      <p role="status" class="landing" data-x={own.x} data-y={own.y}>
        It lands at {short(own.x)}, {short(own.y)}
        {isOutside && ', outside of all points'}.{' '}
        {found.length > 0 &&
          `Its ${near.length} nearest ${noun}s on the map, by ${map.columns[label]!.name}: ${found.join(', ')}.`}
      </p>
      {near.length > 0 && (
        <div class="buttons">
          <button type="button" class="quiet" onClick={() => onChoose(near[0]!)}>
            Look at the nearest {noun}
          </button>
          <button type="button" class="quiet" onClick={onKeep}>
            Keep its mark
          </button>
          {kept.length > 0 && (
            <button type="button" class="quiet" onClick={onClear}>
              Remove {kept.length} marks
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** Returns `7 (4)` for a text that is there four times; the most frequent first. */
function counted(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([text, count]) => `${text} (${count})`);
}
