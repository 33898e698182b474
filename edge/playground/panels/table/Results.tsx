import type { ModelDescription } from '../../../../shared/api.ts';
import { short } from '../../model.ts';
import type { AnswerOf } from '../../service.ts';
import { Blame, percentileText } from '../../ui/Blame.tsx';

interface VerdictProps {
  readonly verdict: NonNullable<AnswerOf<'score'>['scores'][number]>;
  readonly threshold: number;
  readonly isPending: boolean;
}

/** The score of a row, and why. */
export function Verdict({ verdict, threshold, isPending }: VerdictProps) {
  const { isAnomaly, score, percentile, pValue, confidence, contributions } = verdict;
  return (
    <section aria-busy={isPending}>
      <h2 class={isAnomaly ? 'bad' : 'good'}>{isAnomaly ? 'Unusual' : 'Usual'}</h2>
      <p>
        This row has {percentileText(percentile)}
        {isAnomaly ? ', and one above the threshold.' : '; it would be unusual above the threshold.'}
      </p>
      <dl class="figures">
        <dt>score</dt>
        <dd data-value={score}>{short(score)}</dd>
        <dt>threshold</dt>
        <dd>{short(threshold)}</dd>
        {pValue !== null && (
          <>
            <dt>p-value</dt>
            <dd>
              {short(pValue)}
              <span class="faint">: about {short(100 * pValue)} % of ordinary rows score as high</span>
            </dd>
          </>
        )}
        {confidence !== null && (
          <>
            <dt>confidence</dt>
            <dd>
              {(100 * confidence).toFixed(0)} %
              <span class="faint">: how sure it is that other training rows lead to the same verdict</span>
            </dd>
          </>
        )}
      </dl>
      <h3>Columns behind the score</h3>
      <Blame contributions={contributions} />
    </section>
  );
}

/** What a row is predicted to be. */
export function Predicted({
  answer: { predictions, classes },
  model,
}: {
  readonly answer: AnswerOf<'predict'>;
  readonly model: ModelDescription;
}) {
  const values = predictions[0] ?? [];
  return (
    <section>
      <h2>Predicted {model.prediction?.target}</h2>
      {classes === undefined ? (
        <p class="big">{short(values[0] ?? Number.NaN)}</p>
      ) : (
        <ul class="blame">
          {classes.map((name, i) => (
            <li key={name}>
              <span>{name}</span>
              <progress max={1} value={values[i]} aria-label={`probability of ${name}`} />
              <output>{(100 * (values[i] ?? 0)).toFixed(0)} %</output>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The code of a row. */
export function Encoded({ code }: { readonly code: readonly number[] }) {
  return (
    <details>
      <summary>Code of {code.length} numbers</summary>
      <p class="codes">{code.map(short).join('  ')}</p>
    </details>
  );
}
