import { useMemo } from 'preact/hooks';
import { NUMBER, useRemembered } from '../../address.ts';
import { imageShape } from '../../model.ts';
import type { Call } from '../../service.ts';
import { example } from '../../ui/brushes.ts';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { DrawPad } from '../../ui/DrawPad.tsx';
import { Examples } from '../../ui/Examples.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Pixels } from '../../ui/Pixels.tsx';
import { useAnswer } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { useLabel } from './condition.tsx';
import { pixelsForm } from './drawing.ts';

/** Points between the two drawings, ends included. */
const STEPS = 9;

/** The way from one drawing to another through the space of codes. */
export function Interpolate({ model, reference }: PanelProps) {
  const shape = useMemo(() => imageShape(model)!, [model]);
  const form = useMemo(() => pixelsForm(shape), [shape]);
  const [from, setFrom] = useRemembered('from', form, example('4', shape));
  const [to, setTo] = useRemembered('to', form, example('0', shape));
  const [at, setAt] = useRemembered('at', NUMBER, (STEPS - 1) / 2);
  const [{ label, values }, labelControl] = useLabel(model);
  const call: Call<'interpolate'> = {
    ...{ model: reference, operation: 'interpolate' },
    body: {
      rows: [
        [...from, ...values],
        [...to, ...values],
      ],
      steps: STEPS,
      ...(label !== undefined && { label }),
    },
  };
  const { answer, error, isPending } = useAnswer(call);
  const ends = [
    { title: 'From', row: from, set: setFrom },
    { title: 'To', row: to, set: setTo },
  ] as const;
  return (
    <>
      <p class="lead">
        Both drawings are encoded; what lies on the straight line between the two codes is drawn by the
        decoder.
      </p>
      <div class="row">
        {ends.map(({ title, row, set }) => (
          <figure key={title}>
            <figcaption>{title}</figcaption>
            <DrawPad row={row} shape={shape} brush="draw" label={`${title}: a drawing`} onChange={set} />
            <Examples shape={shape} of={title} onPick={set} />
          </figure>
        ))}
        <figure aria-busy={isPending}>
          <figcaption>Between</figcaption>
          <Pixels
            values={answer?.rows[at]}
            shape={shape}
            label={`Point ${at + 1} of ${STEPS}`}
            class="large"
          />
          <input
            type="range"
            min={0}
            max={STEPS - 1}
            step={1}
            value={at}
            aria-label="Point between the drawings"
            onInput={(event) => setAt(Number(event.currentTarget.value))}
          />
        </figure>
      </div>
      {labelControl}
      <Notice error={error} />
      <div class="strip">
        {answer?.rows.map((row, i) => (
          <Pixels
            values={row}
            shape={shape}
            label={`Step ${i + 1} of ${STEPS}`}
            class={i === at ? 'chosen' : ''}
            key={i}
          />
        ))}
      </div>
      <CopyCode call={call} />
    </>
  );
}
