import { useMemo, useState } from 'preact/hooks';
import type { Catalogue } from './catalogue.ts';

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
    const matches = ({ item, title }: (typeof catalogue)[number]) =>
      words.every((word) => `${item} ${title ?? ''}`.toLowerCase().includes(word));
    const exact = catalogue.filter(({ item }) => item.toLowerCase() === text.trim().toLowerCase());
    const others = catalogue.filter((each) => !exact.includes(each) && matches(each));
    return [...exact, ...others].filter(({ item }) => !picked.includes(item)).slice(0, FOUND);
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
