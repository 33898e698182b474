import { useMemo, useRef } from 'preact/hooks';
import { NUMBER, NUMBERS, useRemembered } from '../../address.ts';
import { imageShape, short } from '../../model.ts';
import type { Call } from '../../service.ts';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pixels } from '../../ui/Pixels.tsx';
import { useAnswer } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { useLabel } from './condition.tsx';

/** Images along each side of the map. */
const SIDE = 9;
/** Standard deviations of the prior, to either side. */
const REACH = 3;
/** Images that are drawn at random. */
const SAMPLES = 24;

/** Walks over two dimensions of the code of a variational model, and random samples. */
export function Walk({ model, reference }: PanelProps) {
  const { codeSize } = model;
  const shape = useMemo(() => imageShape(model)!, [model]);
  const [across, setAcross] = useRemembered('across', NUMBER, 0);
  const [down, setDown] = useRemembered('down', NUMBER, Math.min(1, codeSize - 1));
  const [code, setCode] = useRemembered('code', NUMBERS, new Array<number>(codeSize).fill(0));
  const [{ label }, labelControl] = useLabel(model);
  const here = code?.length === codeSize ? code : new Array<number>(codeSize).fill(0);
  const labels = (count: number) => label !== undefined && { labels: new Array<number>(count).fill(label) };
  const moved = (x: number, y: number) => here.map((value, i) => (i === down ? y : i === across ? x : value));
  const one: Call<'decode'> = {
    ...{ model: reference, operation: 'decode' },
    body: { codes: [[...here]], ...labels(1) },
  };
  const codes = Array.from({ length: SIDE * SIDE }, (_, i) =>
    moved(placeOf(i % SIDE), -placeOf(Math.floor(i / SIDE))),
  );
  // The two dimensions of the walk have the places of the map, wherever the reader is.
  const map: Call<'decode'> = { ...one, body: { codes, ...labels(codes.length) } };
  const decoded = useAnswer(one);
  const mapped = useAnswer(map);
  const pad = useRef<HTMLDivElement>(null);
  const walk = (event: PointerEvent) => {
    if (event.buttons === 0 && event.type === 'pointermove') return;
    const box = pad.current!.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 2 - 1;
    const y = ((event.clientY - box.top) / box.height) * 2 - 1;
    setCode(moved(clamp(x * REACH), clamp(-y * REACH)));
  };
  const step = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setCode(moved(clamp(here[across]! + by[0]), clamp(here[down]! + by[1])));
  };
  const axes = [
    { title: 'Across', value: across, set: setAcross },
    { title: 'Up', value: down, set: setDown },
  ] as const;
  return (
    <>
      <p class="lead">
        The grid shows what the decoder draws at each place of two dimensions of the code. Drag over it to
        walk; the other dimensions stay where they are.
      </p>
      <div class="row">
        <figure aria-busy={mapped.isPending}>
          <figcaption>Grid</figcaption>
          <div
            ref={pad}
            class="map"
            tabindex={0}
            role="application"
            aria-roledescription="two-dimensional slider"
            aria-label={`Dimension ${across}: ${short(here[across]!)}, dimension ${down}: ${short(here[down]!)}. Arrow keys walk.`}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              walk(event);
            }}
            onPointerMove={walk}
            onKeyDown={step}
          >
            {mapped.answer?.rows.map((row, i) => (
              <Pixels values={row ?? undefined} shape={shape} label="" key={i} />
            ))}
            <span
              class="dot"
              style={{ left: percent(here[across]! / REACH), top: percent(-here[down]! / REACH) }}
            />
          </div>
        </figure>
        <figure aria-busy={decoded.isPending}>
          <figcaption>Here</figcaption>
          <Pixels
            values={decoded.answer?.rows[0] ?? undefined}
            shape={shape}
            label="The image at this place"
            class="large"
          />
        </figure>
        <div class="side">
          {axes.map(({ title, value, set }) => (
            <label class="field" key={title}>
              {title}
              <select value={value} onInput={(event) => set(Number(event.currentTarget.value))}>
                {here.map((_, i) => (
                  <option value={i} key={i}>
                    dimension {i}
                  </option>
                ))}
              </select>
            </label>
          ))}
          {labelControl}
          <div class="buttons">
            <button type="button" onClick={() => setCode(here.map(normal))}>
              Random place
            </button>
            <button type="button" onClick={() => setCode(here.map(() => 0))}>
              Centre
            </button>
          </div>
        </div>
      </div>
      <Notice error={decoded.error ?? mapped.error} />
      <CopyCode call={one} />
      <Samples {...{ model, reference, label }} />
    </>
  );
}

function Samples({ model, reference, label }: PanelProps & { readonly label: number | undefined }) {
  const shape = useMemo(() => imageShape(model)!, [model]);
  const [temperature, setTemperature] = useRemembered('temperature', NUMBER, 1);
  const [seed, setSeed] = useRemembered('seed', NUMBER, 1);
  const call: Call<'sample'> = {
    ...{ model: reference, operation: 'sample' },
    body: { n: SAMPLES, seed, temperature, ...(label !== undefined && { label }) },
  };
  const { answer, error, isPending } = useAnswer(call);
  return (
    <section aria-busy={isPending}>
      <h2>Samples</h2>
      <div class="controls">
        <label class="field">
          Temperature: {temperature}
          <input
            type="range"
            min={0}
            max={2}
            step={0.1}
            value={temperature}
            onInput={(event) => setTemperature(Number(event.currentTarget.value))}
          />
        </label>
        <button type="button" onClick={() => setSeed(Math.floor(Math.random() * 2 ** 32))}>
          Draw others
        </button>
        <span class="faint">seed {seed}: the same seed draws the same images</span>
      </div>
      <Notice error={error} />
      <div class="samples">
        {answer?.rows.map((row, i) => (
          <Pixels values={row} shape={shape} label={`Sample ${i + 1}`} key={i} />
        ))}
      </div>
      <CopyCode call={call} />
    </section>
  );
}

/** Code value at a place of the map, from left to right or from the top. */
const placeOf = (i: number) => ((2 * i + 1) / SIDE - 1) * REACH;
const clamp = (value: number) => Math.min(REACH, Math.max(-REACH, value));
/** From [-1, 1]. */
const percent = (share: number) => `${50 + 50 * Math.min(1, Math.max(-1, share))}%`;
/** A standard normal number, roughly: the sum of twelve uniform ones. */
const normal = () => Array.from({ length: 12 }, Math.random).reduce((sum, each) => sum + each, -6);

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-0.25, 0],
  ArrowRight: [0.25, 0],
  ArrowUp: [0, 0.25],
  ArrowDown: [0, -0.25],
};
