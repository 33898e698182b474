import { useMemo, useRef, useState } from 'preact/hooks';
import type { CodeMap } from '../../../../shared/mapFile.ts';
import { NUMBER, TEXT, useRemembered } from '../../address.ts';
import { kindOf } from '../../model.ts';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useAnswer, useLatest } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { Controls, type Pointing } from './Controls.tsx';
import { coloursBy, onlyThese } from './colours.ts';
import { coordinatesCall } from './coordinates.ts';
import { useTrainingMap } from './data.ts';
import { boxOf, inside, type Place } from './geometry.ts';
import { Hovered } from './Hovered.tsx';
import { Landing } from './Landing.tsx';
import { madeUpMap } from './madeUp.ts';
import { OwnRow, type Row } from './OwnRow.tsx';
import { Point } from './Point.tsx';
import { Scatter, type ScatterHandle } from './Scatter.tsx';
import { Selection } from './Selection.tsx';
import type { Mark } from './scene.ts';

/** Codes as points of a plane: the training rows where these are public, and a row of the reader's own. */
export function MapOfCodes({ model, reference }: PanelProps) {
  const arriving = useTrainingMap(model);
  const loaded = 'bytes' in arriving ? undefined : arriving;
  const isOwn = loaded !== undefined && loaded.map === undefined;
  const made = useLatest(isOwn ? reference : null, (service) => madeUpMap(model, reference, service));
  const map = loaded?.map ?? made.answer?.map;
  const isUsers = kindOf(model) === 'items';
  const noun = isUsers ? 'user' : 'row';
  return (
    <>
      <p class="lead">
        Each point is {isOwn ? `made up, a ${noun}` : `a ${noun} of the training data`}, where the encoder
        puts it: {noun}s with similar codes are close.{' '}
        {model.codeSize > 2 &&
          `The ${model.codeSize} numbers of a code are reduced to two, which cannot show everything. `}
        Change {isUsers ? 'what somebody has' : 'the row of your own'}, and see where it lands.
      </p>
      {loaded?.why && (
        <p class="note" role="note">
          {loaded.why} {made.answer && `The points are ${made.answer.what}.`}
        </p>
      )}
      <Notice error={loaded?.error ?? made.error} />
      {map === undefined ? (
        (loaded?.error ?? made.error) ? null : (
          <p role="status" aria-busy="true">
            Loading the points
            {'bytes' in arriving && arriving.bytes > 0
              ? `: ${(arriving.bytes / 2 ** 20).toFixed(1)} MiB so far.`
              : '.'}
          </p>
        )
      ) : (
        <Plane {...{ model, reference, map }} noun={loaded?.map ? noun : 'point'} />
      )}
    </>
  );
}

interface PlaneProps extends PanelProps {
  readonly map: CodeMap;
  readonly noun: string;
}

function Plane({ model, reference, map, noun }: PlaneProps) {
  const { coordinates, columns, ids } = map;
  const usual = columns.find(({ role }) => role === 'label') ?? columns[0];
  const [by, setBy] = useRemembered('colour', TEXT, usual?.name ?? '');
  const [id, setId] = useRemembered('point', NUMBER, -1);
  const [pointing, setPointing] = useState<Pointing>('move');
  const [selected, setSelected] = useState<readonly number[]>();
  const [hovered, setHovered] = useState<{ readonly point: number; readonly at: Place }>();
  const [row, setRow] = useState<Row>();
  const [kept, setKept] = useState<readonly Place[]>([]);
  const scatter = useRef<ScatterHandle>(null);
  const call = row === undefined ? null : coordinatesCall(model, reference, [row] as never);
  const { answer, error, isPending } = useAnswer<'reduce' | 'encode'>(call);
  const found = answer && ('coordinates' in answer ? answer.coordinates : answer.codes)[0];
  const own = useMemo(() => (found ? { x: found[0]!, y: found[1] ?? 0 } : undefined), [found]);
  const chosen = ids.indexOf(id);
  const coloured = useMemo(() => {
    const at = columns.findIndex(({ name }) => name === by);
    return coloursBy(columns[at], map.values[at], ids.length);
  }, [map, by]);
  const colours = useMemo(
    () => (selected === undefined ? coloured.colours : onlyThese(coloured.colours, selected)),
    [coloured, selected],
  );
  const marks = useMemo((): Mark[] => {
    const at = (point: number) => ({ x: coordinates[2 * point]!, y: coordinates[2 * point + 1]! });
    return [
      ...(chosen >= 0 ? [{ ...at(chosen), radius: 9 }] : []),
      ...(hovered ? [{ ...at(hovered.point), radius: 7 }] : []),
      ...kept.map((place) => ({ ...place, radius: 5 })),
      ...(own ? [{ ...own, radius: 12 }] : []),
    ];
  }, [coordinates, chosen, hovered, kept, own]);
  const whole = useMemo(() => boxOf(coordinates), [coordinates]);
  const choose = (point: number) => setId(ids[point]!);
  return (
    <>
      <Controls
        {...{ map, noun, by, pointing, coloured }}
        onColour={setBy}
        onPointing={setPointing}
        onFit={() => scatter.current?.fit()}
        onZoom={(step) => scatter.current?.zoom(step)}
        onSelectView={() => setSelected(inside(coordinates, scatter.current?.corners() ?? []))}
        onSelect={(points) => {
          if (points.length === 1) choose(points[0]!);
          setSelected(points.length === 1 ? undefined : points);
        }}
      />
      <div class="mapped">
        <div class="planes">
          <Scatter
            handle={scatter}
            {...{ coordinates, colours, marks, whole }}
            isLasso={pointing === 'lasso'}
            label={`Map of ${ids.length.toLocaleString('en')} ${noun}s`}
            onChoose={choose}
            onHover={(point, at) => setHovered(point === undefined ? undefined : { point, at })}
            onSelect={setSelected}
          />
          {hovered && <Hovered {...{ model, map, noun, ...hovered }} />}
        </div>
        <div class="found-points">
          {chosen >= 0 && (
            <Point {...{ model, reference, map, noun }} point={chosen} onChoose={choose} key={chosen} />
          )}
          {selected && (
            <Selection
              {...{ map, noun }}
              points={selected}
              onChoose={choose}
              onClear={() => setSelected(undefined)}
            />
          )}
        </div>
        <div class="side">
          <section aria-busy={isPending} aria-label="Your row">
            <h2>
              <span class="ring" aria-hidden="true" />{' '}
              {kindOf(model) === 'items' ? 'What somebody has' : 'Your row'}
            </h2>
            <OwnRow model={model} onChange={setRow} />
            <Notice error={error} />
            {own && (
              <Landing
                {...{ map, own, whole, kept, noun }}
                onKeep={() => setKept([...kept, own])}
                onClear={() => setKept([])}
                onChoose={choose}
              />
            )}
            <CopyCode call={call} />
          </section>
        </div>
      </div>
    </>
  );
}
