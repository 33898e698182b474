import { NUMBERS, useRemembered } from '../../address.ts';
import { offers, short } from '../../model.ts';
import type { Call } from '../../service.ts';
import { percentileText } from '../../ui/Blame.tsx';
import { Chart } from '../../ui/Chart.tsx';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useAnswer, useLatest } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { linesOf } from './lines.ts';
import { Paste } from './Paste.tsx';
import { rangeOf, withStroke } from './values.ts';

/** A series to draw or paste, with its reconstruction or its continuation. */
export function Series({ model, reference }: PanelProps) {
  const { features, metrics } = model;
  const forecasts = offers(model, 'forecast');
  // A model that forecasts takes only the beginning of its rows.
  const measured = useLatest(forecasts ? reference : null, ({ widthOf }) => widthOf(reference, 'forecast'));
  const width = forecasts ? measured.answer : features.count;
  if (measured.error) return <Notice error={measured.error} />;
  if (width === undefined)
    return (
      <p role="status" aria-busy="true">
        Measuring the rows of {reference}.
      </p>
    );
  const { mean } = features.statistics;
  return (
    <Drawn
      {...{ model, reference, width, ...rangeOf(model) }}
      usual={mean.slice(0, width).map((value) => value ?? 0)}
      // Of the held-out rows; it is what the model is usually wrong by.
      spread={metrics.mse === undefined ? undefined : Math.sqrt(metrics.mse)}
    />
  );
}

interface DrawnProps extends PanelProps {
  readonly width: number;
  /** The mean of the training rows. */
  readonly usual: readonly number[];
  readonly low: number;
  readonly high: number;
  readonly spread: number | undefined;
}

function Drawn({ model, reference, width, usual, low, high, spread }: DrawnProps) {
  const [remembered, setRemembered] = useRemembered('series', NUMBERS, null);
  const [truth, setTruth] = useRemembered('truth', NUMBERS, null);
  const values = remembered?.length === width ? remembered : usual;
  const setValues = (next: readonly number[]) => {
    setRemembered(next);
    setTruth(null);
  };
  const body = { rows: [[...values]] };
  const ask = <Name extends 'reconstruct' | 'forecast' | 'score'>(operation: Name) =>
    offers(model, operation) ? { model: reference, operation, body } : null;
  const reconstruct = ask('reconstruct') as Call<'reconstruct'> | null;
  const forecast = ask('forecast') as Call<'forecast'> | null;
  const judge = ask('score');
  const score = judge && ({ ...judge, query: { top: '0' } } as Call<'score'>);
  const reconstructed = useAnswer<'reconstruct'>(reconstruct);
  const continued = useAnswer<'forecast'>(forecast);
  const scored = useAnswer<'score'>(score);
  const rebuilt = reconstructed.answer?.rows[0];
  const next = continued.answer?.forecasts[0];
  const verdict = scored.answer?.scores[0];
  const lines = linesOf({ values, rebuilt, next, truth, spread });
  return (
    <>
      <p class="lead">
        The series starts as the mean of the training rows. Draw over it, or paste your own {width} numbers
        {next
          ? `; the model continues it by ${next.length} steps. Numbers after the first ${width} are drawn next to the forecast.`
          : '; the model reconstructs it from its code.'}
      </p>
      <div aria-busy={reconstructed.isPending || continued.isPending || scored.isPending}>
        <Chart
          lines={lines}
          length={width + (next?.length ?? 0)}
          {...{ low, high }}
          label={`A series of ${width} numbers${next ? ` and a forecast of ${next.length}` : ''}`}
          onDraw={(from, to) => setValues(withStroke(values, from, to))}
        />
      </div>
      {spread !== undefined && lines.length > 1 && (
        <p class="faint">
          The band shows how far the model is usually off: two root mean squared errors on held-out rows to
          either side, ± {short(2 * spread)}.
        </p>
      )}
      <div class="buttons">
        <button type="button" onClick={() => setValues(usual)}>
          Mean of the training rows
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => setValues(values.map((value) => value + noise(high - low)))}
        >
          Add noise
        </button>
        <button type="button" class="quiet" onClick={() => setValues(values.map(() => 0))}>
          Flat
        </button>
      </div>
      {verdict && (
        <p role="status">
          <strong class={verdict.isAnomaly ? 'bad' : 'good'}>
            {verdict.isAnomaly ? 'Unusual: ' : 'Usual: '}
          </strong>
          {percentileText(verdict.percentile)}.
        </p>
      )}
      <Notice error={reconstructed.error ?? continued.error ?? scored.error} />
      <Paste
        {...{ width, values }}
        onChange={(first, rest) => {
          setRemembered(first);
          setTruth(next && rest.length > 0 ? rest.slice(0, next.length) : null);
        }}
      />
      {[forecast, reconstruct, score].map((call) => (
        <CopyCode call={call} key={call?.operation} />
      ))}
    </>
  );
}

const noise = (range: number) => 0.1 * range * (Math.random() - 0.5);
