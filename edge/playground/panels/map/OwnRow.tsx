/** A row of the reader's own, to see where it lands: drawn, filled in, or picked. */

import { useEffect, useMemo } from 'preact/hooks';
import type { JsonCell } from '../../../../shared/api.ts';
import { JSON_TEXT, NUMBERS, useRemembered } from '../../address.ts';
import { imageShape, kindOf } from '../../model.ts';
import { example } from '../../ui/brushes.ts';
import { Chart } from '../../ui/Chart.tsx';
import { DrawPad } from '../../ui/DrawPad.tsx';
import { Examples } from '../../ui/Examples.tsx';
import { useLabel } from '../images/condition.tsx';
import { pixelsForm } from '../images/drawing.ts';
import { Chip } from '../items/Chip.tsx';
import { IDS, titled, useCatalogue } from '../items/catalogue.ts';
import { Search } from '../items/Search.tsx';
import type { PanelProps } from '../panel.ts';
import { rangeOf, withStroke } from '../series/values.ts';
import { anyRow, columnsOf, rowOf, type TableRow } from '../table/columns.ts';
import { Field } from '../table/Field.tsx';

export type Row = JsonCell[] | TableRow;

interface OwnRowProps extends Pick<PanelProps, 'model'> {
  /** Receives the row at first, and when it changes. */
  readonly onChange: (row: Row) => void;
}

export function OwnRow(props: OwnRowProps) {
  const View = { images: Drawing, table: Values, series: Series, items: Items }[kindOf(props.model)];
  return <View {...props} />;
}

/** Reports a row whenever its content changes. */
function useReported(row: Row, onChange: (row: Row) => void): void {
  // Rows are new arrays at every rendering.
  useEffect(() => onChange(row), [JSON.stringify(row)]);
}

function Drawing({ model, onChange }: OwnRowProps) {
  const shape = useMemo(() => imageShape(model)!, [model]);
  const form = useMemo(() => pixelsForm(shape), [shape]);
  const [pixels, setPixels] = useRemembered('pixels', form, example('7', shape));
  const [{ values }, labelControl] = useLabel(model);
  useReported([...pixels, ...values], onChange);
  return (
    <>
      <DrawPad row={pixels} shape={shape} brush="draw" label="Your drawing" onChange={setPixels} />
      <Examples shape={shape} onPick={setPixels} />
      {labelControl}
    </>
  );
}

function Values({ model, onChange }: OwnRowProps) {
  const columns = useMemo(() => columnsOf(model), [model]);
  const [changed, setChanged] = useRemembered('row', JSON_TEXT, {});
  const row = rowOf(columns, changed);
  useReported(row, onChange);
  return (
    <>
      <div class="buttons">
        <button type="button" class="quiet" onClick={() => setChanged({})}>
          An ordinary row
        </button>
        <button type="button" class="quiet" onClick={() => setChanged(anyRow(columns, Math.random))}>
          Random values
        </button>
      </div>
      <details open={columns.length <= 6}>
        <summary>Its {columns.length} values</summary>
        {columns.map((column) => (
          <Field
            key={column.name}
            column={column}
            value={row[column.name]!}
            isBlamed={false}
            onChange={(value) => setChanged({ ...changed, [column.name]: value })}
          />
        ))}
      </details>
    </>
  );
}

function Series({ model, onChange }: OwnRowProps) {
  const usual = model.features.statistics.mean.map((value) => value ?? 0);
  const [remembered, setValues] = useRemembered('series', NUMBERS, null);
  const values = remembered?.length === usual.length ? remembered : usual;
  useReported([...values], onChange);
  return (
    <>
      <Chart
        lines={[{ name: 'your series', values, class: 'first' }]}
        length={values.length}
        {...rangeOf(model)}
        label={`Your series of ${values.length} numbers; draw over it to change it`}
        onDraw={(from, to) => setValues(withStroke(values, from, to))}
      />
      <div class="buttons">
        <button type="button" class="quiet" onClick={() => setValues(usual)}>
          Mean of the training rows
        </button>
        <button type="button" class="quiet" onClick={() => setValues(values.toReversed())}>
          Reversed
        </button>
      </div>
    </>
  );
}

function Items({ model, onChange }: OwnRowProps) {
  const { features } = model;
  const catalogue = useCatalogue(model);
  const [picked, setPicked] = useRemembered<readonly string[]>('items', IDS, []);
  const [first] = catalogue.items;
  const has = picked.length > 0 || first === undefined ? picked : [first.item];
  const own = new Set(has);
  useReported(
    Array.from({ length: features.count }, (_, i) => (own.has(features.names?.[i] ?? `${i}`) ? 1 : 0)),
    onChange,
  );
  return (
    <>
      <Search
        catalogue={catalogue.items}
        picked={picked}
        onPick={(item) => setPicked([...new Set([...picked, item])])}
      />
      {picked.length === 0 && (
        <p class="faint">Nothing picked yet. Until then, this is somebody who has only:</p>
      )}
      <ul class="chips">
        {has.map((item) => (
          <Chip
            key={item}
            title={titled(catalogue, item)}
            {...(picked.length > 0 && { onRemove: () => setPicked(picked.filter((each) => each !== item)) })}
          />
        ))}
      </ul>
    </>
  );
}
