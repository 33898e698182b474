import { csvFormatRows } from 'd3-dsv';
import { useMemo, useState } from 'preact/hooks';
import { short } from '../../model.ts';
import { Histogram } from '../../ui/Histogram.tsx';
import { scoreAxis } from '../../ui/scoreAxis.ts';
import type { ReadFile } from './readFile.ts';
import type { ScoredFile, Verdict } from './scoreFile.ts';

/** Rows of the table that are shown at first, and added each time. */
const PAGE = 50;
/** Places of the slider. */
const PLACES = 1000;
/** Categories that are named. */
const LISTED = 10;

interface ScoresProps {
  readonly file: ReadFile;
  readonly scored: ScoredFile;
}

interface ScoredRow {
  /** The place in the file, from 0. */
  readonly row: number;
  readonly verdict: Verdict;
}

/** The rows of a file by score, and what a threshold would flag. */
export function Scores({ file, scored }: ScoresProps) {
  const [threshold, setThreshold] = useState(scored.threshold);
  const [shown, setShown] = useState(PAGE);
  const sorted = useMemo(
    () =>
      scored.verdicts
        .flatMap((verdict, row): ScoredRow[] => (verdict === null ? [] : [{ row, verdict }]))
        .toSorted((a, b) => b.verdict.score - a.verdict.score),
    [scored],
  );
  const values = useMemo(() => sorted.map(({ verdict }) => verdict.score), [sorted]);
  const flagged = values.findIndex((score) => score <= threshold);
  const count = flagged === -1 ? sorted.length : flagged;
  const failed = scored.verdicts.length - sorted.length;
  const axis = useMemo(() => scoreAxis(values), [values]);
  return (
    <>
      {failed > 0 && (
        <p class="notice" role="alert">
          {failed.toLocaleString('en')} {failed === 1 ? 'row' : 'rows'} could not be scored.{' '}
          {scored.problems.slice(0, 3).join(' ')}
        </p>
      )}
      {scored.unseen.length > 0 && (
        <p class="note" role="note">
          Training did not see some categories, which are taken for missing values:{' '}
          {scored.unseen.slice(0, LISTED).join(', ')}
          {scored.unseen.length > LISTED && ` and ${scored.unseen.length - LISTED} more`}.
        </p>
      )}
      <section>
        <h2>Threshold</h2>
        <Histogram {...{ values, axis }} at={threshold} label="Scores of the rows, and the threshold" />
        <label class="field">
          Rows with a higher score are flagged
          <input
            type="range"
            min={0}
            max={PLACES}
            value={Math.round(PLACES * axis.placeOf(threshold))}
            onInput={(event) => setThreshold(axis.scoreAt(Number(event.currentTarget.value) / PLACES))}
          />
        </label>
        <div class="controls">
          <label class="field">
            Score
            <input
              type="number"
              min={0}
              step="any"
              value={Number(threshold.toPrecision(6))}
              onInput={(event) => {
                const { valueAsNumber } = event.currentTarget;
                if (Number.isFinite(valueAsNumber)) setThreshold(valueAsNumber);
              }}
            />
          </label>
          <button type="button" class="quiet" onClick={() => setThreshold(scored.threshold)}>
            The model's own: {short(scored.threshold)}
          </button>
        </div>
        <p role="status">
          <strong class="flagged">{count.toLocaleString('en')}</strong> of{' '}
          {sorted.length.toLocaleString('en')} rows flagged (
          {((100 * count) / Math.max(1, sorted.length)).toFixed(1)} %).
        </p>
        <button type="button" onClick={() => download(file, scored, threshold)}>
          Download with scores
        </button>
      </section>
      <section class="scroll" tabindex={0} aria-label="Rows by score">
        <table>
          <thead>
            <tr>
              <th scope="col">row</th>
              <th scope="col">score</th>
              <th scope="col">because of</th>
              {file.header.map((name, i) => (
                <th scope="col" key={i}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map(({ row, verdict }) => (
              <tr class={verdict.score > threshold ? 'is-flagged' : ''} key={row}>
                <td class="right">{row + 1}</td>
                <td class="right">{short(verdict.score)}</td>
                <td>{causes(verdict)}</td>
                {file.header.map((_, i) => (
                  <td key={i}>{shortened(file.cells[row]![i] ?? '')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown < sorted.length && (
        <button type="button" class="quiet" onClick={() => setShown(shown + PAGE)}>
          Show {PAGE} more
        </button>
      )}
    </>
  );
}

const MANY_DECIMALS = /^\s*[+-]?\d*\.\d{6,}(e[+-]?\d+)?\s*$/i;

/** A cell of the file; of a number with many decimals, six digits. */
const shortened = (text: string) =>
  MANY_DECIMALS.test(text) ? `${Number(Number(text).toPrecision(6))}` : text;

const causes = ({ contributions }: Verdict) =>
  contributions
    .filter(({ share }) => share > 0.1)
    .map(({ feature, share }) => `${feature} ${(100 * share).toFixed(0)} %`)
    .join(', ');

/** Saves the file with what was found out about each row, in the order of the file. */
function download({ name, header, cells }: ReadFile, { verdicts }: ScoredFile, threshold: number): void {
  const rows = cells.map((line, i) => {
    const verdict = verdicts[i];
    const { score, percentile, pValue } = verdict ?? {};
    const own = header.map((_, column) => line[column] ?? '');
    const found = [score, percentile, pValue].map((value) => `${value ?? ''}`);
    return [...own, ...found, verdict ? `${verdict.score > threshold}` : '', verdict ? causes(verdict) : ''];
  });
  const added = ['anomaly_score', 'percentile', 'p_value', 'is_anomaly', 'because_of'];
  const text = `${csvFormatRows([[...header, ...added], ...rows])}\n`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name.replace(/(\.\w+)?$/, '-scored.csv');
  link.click();
  URL.revokeObjectURL(link.href);
}
