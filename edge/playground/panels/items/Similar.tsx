import type { Call } from '../../service.ts';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useAnswer } from '../../useAnswer.ts';
import { type Catalogue, titled } from './catalogue.ts';

const SHOWN = 12;

interface SimilarProps {
  readonly reference: string;
  readonly catalogue: Catalogue;
  readonly item: string;
  readonly onPick: (item: string) => void;
  readonly onFocus: (item: string) => void;
}

/** The items most similar to one. */
export function Similar({ reference, catalogue, item, onPick, onFocus }: SimilarProps) {
  const call: Call<'similar'> = { model: reference, operation: 'similar', body: { item, k: SHOWN } };
  const { answer, error, isPending } = useAnswer(call);
  return (
    <section aria-busy={isPending}>
      <h2>Similar to {titled(catalogue, item)}</h2>
      <p class="faint">Similarity is the cosine of the angle between the weights of two items: 1 is alike.</p>
      <Notice error={error} />
      <ol class="ranking">
        {answer?.items.map(({ item: other, score }) => (
          <li key={other}>
            <span class="title">{titled(catalogue, other)}</span>
            <span class="actions">
              <button
                type="button"
                class="quiet"
                aria-label={`Add ${titled(catalogue, other)}`}
                onClick={() => onPick(other)}
              >
                Add
              </button>
              <button
                type="button"
                class="quiet"
                aria-label={`Items similar to ${titled(catalogue, other)}`}
                onClick={() => onFocus(other)}
              >
                Similar
              </button>
            </span>
            <span class="popularity">
              <progress
                max={1}
                value={Math.max(0, score)}
                aria-label={`similarity of ${titled(catalogue, other)}`}
              />
              <span class="faint">similarity {score.toFixed(2)}</span>
            </span>
          </li>
        ))}
      </ol>
      <CopyCode call={call} />
    </section>
  );
}
