import { useMemo } from 'preact/hooks';
import { JSON_TEXT, useRemembered } from '../../address.ts';
import { offers } from '../../model.ts';
import type { Call } from '../../service.ts';
import { percentileText } from '../../ui/Blame.tsx';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useAnswer } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { anyRow, columnsOf, rowOf } from './columns.ts';
import { Field } from './Field.tsx';
import { Encoded, Predicted, Verdict } from './Results.tsx';

/** Columns that are shown as causes of a score. */
const BLAMED = 8;
/** Share of the score above which a column is marked in the form. */
const MARKED = 0.15;

/** A row to fill in, with what the model says about it. */
export function Form({ model, reference }: PanelProps) {
  const columns = useMemo(() => columnsOf(model), [model]);
  const [changed, setChanged] = useRemembered('row', JSON_TEXT, {});
  const row = rowOf(columns, changed);
  const body = { rows: [row] };
  const ask = <Name extends 'score' | 'predict' | 'encode'>(operation: Name) =>
    offers(model, operation) ? { model: reference, operation, body } : null;
  const score = ask('score');
  const scoring = score && ({ ...score, query: { top: `${BLAMED}` } } as Call<'score'>);
  const scored = useAnswer<'score'>(scoring);
  const predict = ask('predict') as Call<'predict'> | null;
  const predicted = useAnswer<'predict'>(predict);
  const encode = ask('encode') as Call<'encode'> | null;
  const encoded = useAnswer<'encode'>(encode);
  const verdict = scored.answer?.scores[0];
  // Some column has the largest share of every score; there is nothing to blame it for unless the row is unusual.
  const blamed = new Set(
    verdict?.isAnomaly
      ? verdict.contributions.filter(({ share }) => share >= MARKED).map(({ feature }) => `${feature}`)
      : [],
  );
  return (
    <>
      <p class="lead">
        The row starts with the mean of every number and the first of all categories. Change a value, and see
        {scoring
          ? ' whether the model finds the row unusual, and because of which columns.'
          : ' what the model makes of it.'}
      </p>
      <div class="form">
        <div class="cells">
          {verdict && (
            <p class={`brief ${verdict.isAnomaly ? 'bad' : 'good'}`} role="status">
              {verdict.isAnomaly ? 'Unusual' : 'Usual'}
              <span class="faint">: {percentileText(verdict.percentile)}</span>
            </p>
          )}
          <div class="buttons">
            <button type="button" class="quiet" onClick={() => setChanged({})}>
              Back to an ordinary row
            </button>
            <button type="button" class="quiet" onClick={() => setChanged(anyRow(columns, Math.random))}>
              Random values
            </button>
          </div>
          {columns.map((column) => (
            <Field
              key={column.name}
              column={column}
              value={row[column.name]!}
              isBlamed={blamed.has(column.name)}
              onChange={(value) => setChanged({ ...changed, [column.name]: value })}
            />
          ))}
        </div>
        <aside
          class="results"
          aria-label="Results"
          aria-busy={scored.isPending || predicted.isPending || encoded.isPending}
        >
          <Notice error={scored.error ?? predicted.error ?? encoded.error} />
          {verdict && (
            <Verdict {...{ verdict, threshold: scored.answer!.threshold, isPending: scored.isPending }} />
          )}
          {predicted.answer && <Predicted answer={predicted.answer} model={model} />}
          {encoded.answer?.codes[0] && <Encoded code={encoded.answer.codes[0]} />}
          <CopyCode call={scoring} />
          <CopyCode call={predict} />
          <CopyCode call={encode} />
        </aside>
      </div>
    </>
  );
}
