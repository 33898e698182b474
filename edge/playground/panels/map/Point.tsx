import { useEffect, useRef } from 'preact/hooks';
import type { JsonCell } from '../../../../shared/api.ts';
import { type CodeMap, storedRow } from '../../../../shared/mapFile.ts';
import { hashOf } from '../../address.ts';
import { imageShape, kindOf, offers, short } from '../../model.ts';
import type { Call } from '../../service.ts';
import { Chart, type Line } from '../../ui/Chart.tsx';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pixels } from '../../ui/Pixels.tsx';
import { useAnswer } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { rangeOf } from '../series/values.ts';
import { columnsOf, type TableColumn, type TableRow } from '../table/columns.ts';
import { nearest } from './geometry.ts';

const NEIGHBOURS = 8;

interface PointProps extends PanelProps {
  readonly map: CodeMap;
  readonly point: number;
  /** What the points are called, `row` or `sample`. */
  readonly noun: string;
  readonly onChoose: (point: number) => void;
}

/** What is known about a point: its row, its reconstruction, and what is next to it. */
export function Point({ model, reference, map, point, noun, onChoose }: PointProps) {
  const row = storedRow(map, point);
  const call: Call<'reconstruct'> | null =
    row && offers(model, 'reconstruct')
      ? { model: reference, operation: 'reconstruct', body: { rows: [row] } }
      : null;
  const { answer, error, isPending } = useAnswer(call);
  const place = { x: map.coordinates[2 * point]!, y: map.coordinates[2 * point + 1]! };
  const values = map.columns.map((column, i) => ({ ...column, text: valueText(map, i, point) }));
  const record = kindOf(model) === 'table' ? recordOf(map, point, columnsOf(model)) : undefined;
  const labels = map.columns.filter(({ role }) => role === 'label').map(({ name }) => name);
  const heading = useRef<HTMLHeadingElement>(null);
  // It is below the map, where nobody would look for it.
  useEffect(() => heading.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <section aria-busy={isPending} aria-label="The chosen point">
      <h2 ref={heading}>
        {noun} {map.ids[point]}
      </h2>
      <Picture {...{ model, row }} rebuilt={call ? answer?.rows[0] : undefined} />
      {row === undefined && map.rows !== null && (
        <p class="faint">
          The file has the values of {map.rows.count.toLocaleString('en')} rows, so that it stays small; not
          those of this one.
        </p>
      )}
      {kindOf(model) === 'items' && map.rows === null && noun === 'user' && (
        <p class="faint">What users have is not in the file of the map.</p>
      )}
      <dl class="facts">
        {values.map(({ name, text }) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
      {record && (
        <p>
          <a href={hashOf({ model: reference, panel: 'row' }, { row: JSON.stringify(record) })}>
            Try this row
          </a>
          : see what the model makes of it, and change its values.
        </p>
      )}
      <Notice error={error} />
      <h3>Nearest on the map{labels.length > 0 && `, with ${labels.join(', ')}`}</h3>
      <ul class="near">
        {nearest(map.coordinates, place, NEIGHBOURS, point).map((other) => (
          <li key={other}>
            <button type="button" class="quiet" onClick={() => onChoose(other)}>
              <Thumbnail {...{ model, row: storedRow(map, other) }} />
              {map.ids[other]}
              {labelText(map, other) !== '' && <span class="faint"> {labelText(map, other)}</span>}
            </button>
          </li>
        ))}
      </ul>
      <CopyCode call={call} />
    </section>
  );
}

interface PictureProps extends Pick<PanelProps, 'model'> {
  readonly row: readonly number[] | undefined;
  readonly rebuilt?: readonly number[] | null | undefined;
}

function Picture({ model, row, rebuilt }: PictureProps) {
  if (row === undefined) return null;
  const shape = imageShape(model);
  if (shape)
    return (
      <div class="pair">
        <figure>
          <figcaption>Row</figcaption>
          <Pixels values={row} shape={shape} label="The row of the point" />
        </figure>
        {rebuilt && (
          <figure>
            <figcaption>Reconstruction</figcaption>
            <Pixels values={rebuilt} shape={shape} label="The reconstruction of the point" />
          </figure>
        )}
      </div>
    );
  if (kindOf(model) !== 'series') return null;
  const lines: Line[] = [
    ...(rebuilt ? [{ name: 'reconstruction', values: rebuilt, class: 'second' }] : []),
    { name: 'row', values: row, class: 'first' },
  ];
  return <Chart lines={lines} length={row.length} {...rangeOf(model)} label="The row of the point" />;
}

function Thumbnail({ model, row }: PictureProps) {
  const shape = imageShape(model);
  return shape && row ? <Pixels values={row} shape={shape} label="" /> : null;
}

/** The row of a point by the names of the model's columns; undefined if the map does not hold them. */
function recordOf(
  { columns, values }: CodeMap,
  point: number,
  own: readonly TableColumn[],
): TableRow | undefined {
  const cells = own.map(({ name, type }): [string, JsonCell] | undefined => {
    const at = columns.findIndex((column) => column.role === 'column' && column.name === name);
    const value = values[at]?.[point];
    if (value === undefined) return undefined;
    if (Number.isNaN(value)) return [name, null];
    if (type === 'boolean') return [name, value === 1];
    // The map holds float32 numbers: the digits that were in the data.
    return [name, columns[at]!.categories?.[value] ?? Number(value.toPrecision(7))];
  });
  return cells.includes(undefined) ? undefined : Object.fromEntries(cells as [string, JsonCell][]);
}

/** A value for people; of a category, its name. */
export function valueText({ columns, values }: CodeMap, column: number, point: number): string {
  const value = values[column]![point]!;
  if (Number.isNaN(value)) return 'missing';
  return columns[column]!.categories?.[value] ?? short(value);
}

/** The labels of a point, in a word or two. */
export function labelText(map: CodeMap, point: number): string {
  return map.columns
    .flatMap(({ role }, i) => (role === 'label' ? [valueText(map, i, point)] : []))
    .join(', ');
}
