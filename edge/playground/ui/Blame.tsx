import { short } from '../model.ts';
import type { AnswerOf } from '../service.ts';

type Contributions = NonNullable<AnswerOf<'score'>['scores'][number]>['contributions'];

/** The columns behind a score, as bars. */
export function Blame({ contributions }: { readonly contributions: Contributions }) {
  return (
    <ul class="blame">
      {contributions.map(({ feature, share }) => (
        <li key={feature}>
          <span>{feature}</span>
          <progress max={1} value={share} aria-label={`share of ${feature}`} />
          <output>{(100 * share).toFixed(share < 0.1 ? 1 : 0)} %</output>
        </li>
      ))}
    </ul>
  );
}

/** A percentile with the rows that it is compared with. */
export const percentileText = (percentile: number) =>
  percentile >= 100
    ? 'a higher score than every training row'
    : `a higher score than ${short(percentile)} % of the training rows`;
