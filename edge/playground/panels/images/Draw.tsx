import { useMemo, useState } from 'preact/hooks';
import { NUMBERS, TEXT, useRemembered } from '../../address.ts';
import { imageShape, offers } from '../../model.ts';
import type { Call } from '../../service.ts';
import { BRUSHES, type BrushName, example } from '../../ui/brushes.ts';
import { Code } from '../../ui/Code.tsx';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { DrawPad } from '../../ui/DrawPad.tsx';
import { Examples } from '../../ui/Examples.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pixels } from '../../ui/Pixels.tsx';
import { readPicture } from '../../ui/picture.ts';
import { useAnswer } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { useLabel } from './condition.tsx';
import { isDark, pixelsForm } from './drawing.ts';

/** Draw, and see the code and the reconstruction follow; or drag the code, and see what it draws. */
export function Draw({ model, reference }: PanelProps) {
  const shape = useMemo(() => imageShape(model)!, [model]);
  const [pixels, setPixels] = useRemembered(
    'pixels',
    useMemo(() => pixelsForm(shape), [shape]),
    example('7', shape),
  );
  const [dragged, setDragged] = useRemembered('code', NUMBERS, null);
  const [brush, setBrush] = useRemembered('brush', TEXT, 'draw');
  const [note, setNote] = useState('');
  const [{ label, values }, labelControl] = useLabel(model);
  const rows = [[...pixels, ...values]];
  const redraw = (row: readonly number[], why = '') => {
    setPixels(row);
    setDragged(null);
    setNote(why);
  };
  const operation = offers(model, 'denoise') ? 'denoise' : 'reconstruct';
  const encode: Call<'encode'> = { model: reference, operation: 'encode', body: { rows } };
  const redrawn: Call<'reconstruct' | 'denoise'> = { model: reference, operation, body: { rows } };
  const decode: Call<'decode'> | null = dragged && {
    ...{ model: reference, operation: 'decode' },
    body: { codes: [[...dragged]], ...(label !== undefined && { labels: [label] }) },
  };
  const score: Call<'score'> | null = offers(model, 'score')
    ? { model: reference, operation: 'score', body: { rows }, query: { top: '0' } }
    : null;
  const encoded = useAnswer(encode);
  const whole = useAnswer(decode ? null : redrawn);
  const decoded = useAnswer(decode);
  const scored = useAnswer(score);
  const result = decode ? decoded : whole;
  const code = dragged ?? encoded.answer?.codes[0];
  const judged = scored.answer?.scores[0];
  const drop = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      const { row, inverted } = await readPicture(file, shape, isDark(model.features.statistics.mean, shape));
      const size = `Scaled to ${shape.width} × ${shape.height} pixels`;
      redraw(row, inverted ? `${size}, and inverted: training images are light on dark.` : `${size}.`);
    } catch (error) {
      setNote((error as Error).message);
    }
  };
  return (
    <>
      <p class="lead">
        Draw, and watch the model compress your drawing to {model.codeSize} numbers and draw it again from
        them. Drag a number to change what it draws.
      </p>
      <div class="row">
        <figure
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            void drop(event.dataTransfer?.files[0]);
          }}
        >
          <figcaption>Your drawing</figcaption>
          <DrawPad
            row={pixels}
            shape={shape}
            brush={isBrush(brush) ? brush : 'draw'}
            label="Your drawing"
            onChange={redraw}
          />
        </figure>
        <figure aria-busy={result.isPending}>
          <figcaption>
            {decode ? 'From the code below' : operation === 'denoise' ? 'Denoised' : 'Reconstruction'}
          </figcaption>
          <Pixels
            values={result.answer?.rows[0] ?? undefined}
            shape={shape}
            label="Reconstruction"
            class="large"
          />
        </figure>
        <div class="side">
          <fieldset class="choices">
            <legend>Brush</legend>
            {Object.entries(BRUSHES).map(([name, { title }]) => (
              <label key={name}>
                <input type="radio" name="brush" checked={brush === name} onChange={() => setBrush(name)} />
                {title}
              </label>
            ))}
          </fieldset>
          <Examples shape={shape} onPick={redraw} />
          <label class="field">
            Picture from this device
            <input
              type="file"
              accept="image/*"
              onChange={(event) => void drop(event.currentTarget.files?.[0])}
            />
          </label>
          {labelControl}
          {note && <p class="faint">{note}</p>}
          {judged && !decode && (
            <p>
              {judged.isAnomaly ? (
                <strong class="bad">Unusual: </strong>
              ) : (
                <strong class="good">Usual: </strong>
              )}
              reconstructed worse than {judged.percentile.toFixed(0)} % of the training images.
            </p>
          )}
          <p class="faint" role="status">
            {result.milliseconds !== undefined && `Answered in ${result.milliseconds.toFixed(0)} ms.`}
          </p>
        </div>
      </div>
      <Notice error={result.error ?? encoded.error} />
      <section aria-busy={encoded.isPending}>
        <h2>
          Code
          {dragged && (
            <button type="button" class="quiet" onClick={() => setDragged(null)}>
              Back to the code of your drawing
            </button>
          )}
        </h2>
        {code && <Code code={code} onChange={setDragged} />}
      </section>
      <CopyCode call={decode ?? redrawn} />
      {!decode && <CopyCode call={encode} />}
    </>
  );
}

function isBrush(name: string): name is BrushName {
  return Object.hasOwn(BRUSHES, name);
}
