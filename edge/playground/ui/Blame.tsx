import type { JsonCell } from '../../../shared/api.ts';
import { short } from '../model.ts';
import type { AnswerOf } from '../service.ts';

type Contributions = NonNullable<AnswerOf<'score'>['scores'][number]>['contributions'];

/** The columns behind a score, as bars; each with its value and the one that the model expects. */
export function Blame({ contributions }: { readonly contributions: Contributions }) {
  return (
    <ul class="blame">
      {contributions.map(({ feature, value, expected, share }) => (
        <li key={feature}>
          <span>
            {feature}
            {expected !== null && (
              <span class="faint expected">
                {cellText(value)}, expected {cellText(expected)}
              </span>
            )}
          </span>
          <progress max={1} value={share} aria-label={`share of ${feature}`} />
          <output>{(100 * share).toFixed(share < 0.1 ? 1 : 0)} %</output>
        </li>
      ))}
    </ul>
  );
}

/** A value of a row for people. */
export function cellText(value: JsonCell): string {
  if (value === null) return 'missing';
  if (typeof value === 'number') return short(value);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

/** A percentile with the rows that it is compared with. */
export function percentileText(percentile: number): string {
  if (percentile >= 100) return 'a higher score than every training row';
  if (percentile <= 0) return 'a score as low as the lowest of the training rows, or lower';
  return `a higher score than ${short(percentile)} % of the training rows`;
}
