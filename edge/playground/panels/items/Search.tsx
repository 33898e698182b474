import { useMemo, useState } from 'preact/hooks';
import type { Catalogue, CatalogueItem } from './catalogue.ts';

/** Items that are found for what the reader types. */
const FOUND = 12;

interface SearchProps {
  readonly catalogue: Catalogue['items'];
  readonly picked: readonly string[];
  readonly onPick: (item: string) => void;
}

/** Finds items by words of their titles, or by their ids. */
export function Search({ catalogue, picked, onPick }: SearchProps) {
  const [text, setText] = useState('');
  const found = useMemo(() => {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) return [];
    const whole = text.trim().toLowerCase();
    const holds = ({ item, title }: CatalogueItem, part: string) =>
      `${item} ${title ?? ''}`.toLowerCase().includes(part);
    const matching = catalogue.filter(
      (each) => !picked.includes(each.item) && words.every((word) => holds(each, word)),
    );
    // First what was typed as a whole: "no. 3" is in "no. 3", and only its words are in "no. 13".
    const rank = (each: CatalogueItem) =>
      each.item.toLowerCase() === whole ? 0 : holds(each, whole) ? 1 : 2;
    return matching.toSorted((a, b) => rank(a) - rank(b)).slice(0, FOUND);
  }, [text, catalogue, picked]);
  const pick = (item: string | undefined) => {
    if (item === undefined) return;
    onPick(item);
    setText('');
  };
  return (
    <form
      class="search"
      onSubmit={(event) => {
        event.preventDefault();
        pick(found[0]?.item);
      }}
    >
      <label class="field wide">
        Find an item
        <input
          type="search"
          value={text}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {text.trim() !== '' && (
        <ul class="found">
          {found.map(({ item, title }) => (
            <li key={item}>
              <button type="button" class="quiet" onClick={() => pick(item)}>
                {title ?? item} {title && <span class="faint">{item}</span>}
              </button>
            </li>
          ))}
          {found.length === 0 && <li class="faint">No item matches.</li>}
        </ul>
      )}
    </form>
  );
}
