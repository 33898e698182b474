import { useState } from 'preact/hooks';
import type { CodeMap } from '../../../../shared/mapFile.ts';
import type { Coloured } from './colours.ts';

/** What dragging over the map does. */
export type Pointing = 'move' | 'lasso';

const POINTING: Readonly<Record<Pointing, string>> = { move: 'Move', lasso: 'Lasso' };

interface ControlsProps {
  readonly map: CodeMap;
  readonly noun: string;
  /** The column that points are coloured by; empty for none. */
  readonly by: string;
  readonly coloured: Coloured;
  readonly pointing: Pointing;
  readonly onColour: (column: string) => void;
  readonly onPointing: (pointing: Pointing) => void;
  readonly onFit: () => void;
  readonly onZoom: (by: number) => void;
  readonly onSelectView: () => void;
  /** Receives points that were found, or are of one colour. */
  readonly onSelect: (points: readonly number[]) => void;
}

/** What is shown, and how: colours with their legend, dragging, zoom, search. */
export function Controls(props: ControlsProps) {
  const { map, noun, by, coloured, pointing } = props;
  return (
    <>
      <div class="controls">
        {map.columns.length > 0 && (
          <label class="field">
            Colour by
            <select value={by} onInput={(event) => props.onColour(event.currentTarget.value)}>
              {map.columns.map(({ name }) => (
                <option value={name} key={name}>
                  {name}
                </option>
              ))}
              <option value="">nothing</option>
            </select>
          </label>
        )}
        <Find {...{ map, noun }} onSelect={props.onSelect} />
        <fieldset class="choices">
          <legend>Dragging</legend>
          {(Object.keys(POINTING) as Pointing[]).map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="pointing"
                checked={pointing === name}
                onChange={() => props.onPointing(name)}
              />
              {POINTING[name]}
            </label>
          ))}
        </fieldset>
        <span class="buttons">
          <button type="button" class="quiet" aria-label="Zoom in" onClick={() => props.onZoom(0.7)}>
            +
          </button>
          <button type="button" class="quiet" aria-label="Zoom out" onClick={() => props.onZoom(-0.7)}>
            −
          </button>
          <button type="button" class="quiet" onClick={props.onFit}>
            Show all
          </button>
          <button type="button" class="quiet" onClick={props.onSelectView}>
            Select what is in view
          </button>
        </span>
      </div>
      {coloured.legend.length > 0 && (
        <ul class={coloured.isScale ? 'keys scale' : 'keys'} aria-label={`Colours by ${by}`}>
          {coloured.legend.map(({ name, colour, count, points }) => {
            const key = (
              <>
                <span class="swatch" style={{ background: `rgb(${colour.join(' ')})` }} />
                {name}
                {count !== undefined && <span class="faint"> {count.toLocaleString('en')}</span>}
              </>
            );
            return (
              <li key={name}>
                {points ? (
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Select ${name} ${count?.toLocaleString('en') ?? ''}`}
                    onClick={() => props.onSelect(points())}
                  >
                    {key}
                  </button>
                ) : (
                  key
                )}
              </li>
            );
          })}
        </ul>
      )}
      {map.of > map.ids.length && (
        <p class="faint">
          {map.ids.length.toLocaleString('en')} of {map.of.toLocaleString('en')} training rows, drawn at
          random.
        </p>
      )}
    </>
  );
}

type FindProps = Pick<ControlsProps, 'map' | 'noun' | 'onSelect'>;

function Find({ map, noun, onSelect }: FindProps) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const find = (event: Event) => {
    event.preventDefault();
    const points = pointsFor(map, text.trim());
    setSaid(points.length === 0 ? `No ${noun} is called ${text.trim()}.` : '');
    if (points.length > 0) onSelect(points);
  };
  const hasNames = map.columns.some(({ categories }) => categories !== undefined);
  return (
    <form class="find" onSubmit={find}>
      <label class="field">
        Find by {noun} number{hasNames && ' or category'}
        <input
          type="search"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="quiet">
        Find
      </button>
      <span class="faint" role="status">
        {said}
      </span>
    </form>
  );
}

/** The point with an id; or, if there is none, all points with a category of that name. */
function pointsFor({ ids, columns, values }: CodeMap, text: string): number[] {
  if (text === '') return [];
  const point = /^\d+$/.test(text) ? ids.indexOf(Number(text)) : -1;
  if (point >= 0) return [point];
  const name = text.toLowerCase();
  const matching = columns.flatMap(({ categories }, i) => {
    const category = categories?.findIndex((each) => each.toLowerCase() === name) ?? -1;
    return category < 0 ? [] : [{ column: values[i]!, category }];
  });
  return Array.from(ids.keys()).filter((at) =>
    matching.some(({ column, category }) => column[at] === category),
  );
}
