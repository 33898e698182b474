import { useState } from 'preact/hooks';
import { useRemembered } from '../../address.ts';
import { offers } from '../../model.ts';
import type { Call } from '../../service.ts';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useAnswer } from '../../useAnswer.ts';
import type { PanelProps } from '../panel.ts';
import { Chip } from './Chip.tsx';
import { IDS, titled, useCatalogue } from './catalogue.ts';
import { Search } from './Search.tsx';
import { Similar } from './Similar.tsx';
import { useReasons } from './useReasons.ts';

const RECOMMENDED = 12;

/** Pick items, and see what the model recommends to somebody who has them. */
export function Recommend({ model, reference }: PanelProps) {
  const [picked, setPicked] = useRemembered<readonly string[]>('items', IDS, []);
  const [focus, setFocus] = useState<string>();
  const catalogue = useCatalogue(model);
  const call: Call<'recommend'> = {
    ...{ model: reference, operation: 'recommend' },
    body: { items: [...picked], k: RECOMMENDED },
  };
  const { answer, error, isPending } = useAnswer(call);
  const recommended = answer?.items ?? [];
  const hasSimilar = offers(model, 'similar');
  const reasons = useReasons(
    hasSimilar ? reference : null,
    picked,
    recommended.map(({ item }) => item),
  );
  const add = (item: string) => setPicked([...new Set([...picked, item])]);
  // What the reader has asked for, otherwise what was picked last.
  const shown = focus ?? picked.at(-1) ?? catalogue.items[0]?.item;
  const most = Math.max(1e-9, ...catalogue.items.map(({ share }) => share));
  return (
    <>
      <p class="lead">
        Pick items that somebody has. The model recommends what goes with them; to somebody who has nothing,
        it recommends what is popular. A bar shows how many of the users in training have an item.
      </p>
      <div class="items">
        <section>
          <h2>What somebody has</h2>
          <Search
            catalogue={catalogue.items}
            picked={picked}
            onPick={(item) => {
              setFocus(undefined);
              add(item);
            }}
          />
          {picked.length === 0 && <p class="faint">Nothing yet. Try one of the popular items:</p>}
          <ul class="chips">
            {picked.map((item) => (
              <Chip
                key={item}
                title={titled(catalogue, item)}
                onRemove={() => setPicked(picked.filter((each) => each !== item))}
              />
            ))}
            {picked.length === 0 &&
              catalogue.items.slice(0, 8).map(({ item }) => (
                <li key={item}>
                  <button type="button" class="quiet" onClick={() => add(item)}>
                    + {titled(catalogue, item)}
                  </button>
                </li>
              ))}
          </ul>
          {picked.length > 0 && (
            <button type="button" class="quiet" onClick={() => setPicked([])}>
              Remove all
            </button>
          )}
          {answer && answer.unknown.length > 0 && (
            <p class="notice">The model does not know {answer.unknown.join(', ')}.</p>
          )}
        </section>
        <section aria-busy={isPending}>
          <h2>{answer?.basedOn === 'popularity' ? 'Popular' : 'Recommended'}</h2>
          <Notice error={error} />
          <ol class="ranking">
            {recommended.map(({ item }) => (
              <li key={item}>
                <span class="title">{titled(catalogue, item)}</span>
                <span class="actions">
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Add ${titled(catalogue, item)}`}
                    onClick={() => add(item)}
                  >
                    Add
                  </button>
                  {hasSimilar && (
                    <button
                      type="button"
                      class="quiet"
                      aria-label={`Items similar to ${titled(catalogue, item)}`}
                      onClick={() => setFocus(item)}
                    >
                      Similar
                    </button>
                  )}
                </span>
                <Popularity share={catalogue.shareOf(item)} most={most} />
                {reasons.get(item) !== undefined && (
                  <span class="faint reason">because of {titled(catalogue, reasons.get(item)!)}</span>
                )}
              </li>
            ))}
          </ol>
          <CopyCode call={call} />
        </section>
        {hasSimilar && shown !== undefined && (
          <Similar
            {...{ reference, catalogue }}
            item={shown}
            onPick={(item) => {
              // The list stays, so that several of it can be picked.
              setFocus(shown);
              add(item);
            }}
            onFocus={setFocus}
          />
        )}
      </div>
    </>
  );
}

/** The share of the training users who have an item. */
function Popularity({ share, most }: { readonly share: number; readonly most: number }) {
  const text = `${(100 * share).toFixed(share < 0.01 ? 1 : 0)} % have it`;
  return (
    <span class="popularity">
      <progress max={most} value={share} aria-label={text} />
      <span class="faint">{text}</span>
    </span>
  );
}
