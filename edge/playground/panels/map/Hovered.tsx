import { type CodeMap, storedRow } from '../../../../shared/mapFile.ts';
import { imageShape } from '../../model.ts';
import { Pixels } from '../../ui/Pixels.tsx';
import type { PanelProps } from '../panel.ts';
import type { Place } from './geometry.ts';
import { valueText } from './Point.tsx';

/** Values that fit into the small box. */
const SHOWN = 6;

interface HoveredProps extends Pick<PanelProps, 'model'> {
  readonly map: CodeMap;
  readonly point: number;
  readonly noun: string;
  /** The place of the pointer, in pixels of the map. */
  readonly at: Place;
}

/** What the pointer is at. */
export function Hovered({ model, map, point, noun, at }: HoveredProps) {
  const shape = imageShape(model);
  const row = storedRow(map, point);
  return (
    <div class="hovered" style={{ left: `${at.x + 14}px`, top: `${at.y + 14}px` }} aria-hidden="true">
      {shape && row && <Pixels values={row} shape={shape} label="" />}
      <strong>
        {noun} {map.ids[point]}
      </strong>
      {map.columns.slice(0, SHOWN).map(({ name }, i) => (
        <div key={name}>
          <span class="faint">{name}</span> {valueText(map, i, point)}
        </div>
      ))}
    </div>
  );
}
