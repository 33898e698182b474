import { useMemo, useState } from 'preact/hooks';
import { short } from '../../model.ts';
import { stretched, valuesOf } from './values.ts';

interface PasteProps {
  readonly width: number;
  readonly values: readonly number[];
  /** Receives `width` numbers, and those that were pasted after them. */
  readonly onChange: (values: readonly number[], rest: readonly number[]) => void;
}

/** Numbers that are pasted in place of the series. */
export function Paste({ width, values, onChange }: PasteProps) {
  const [text, setText] = useState('');
  const pasted = useMemo(() => (text.trim() === '' ? undefined : valuesOf(text)), [text]);
  const read = (next: string) => {
    setText(next);
    const numbers = valuesOf(next);
    if (Array.isArray(numbers) && numbers.length === width) onChange(numbers, []);
  };
  return (
    <details>
      <summary>Paste numbers</summary>
      <label class="field wide">
        {width} numbers, separated by spaces, commas, semicolons or lines
        <textarea
          rows={4}
          value={text}
          placeholder={values.slice(0, 8).map(short).join(' ')}
          onInput={(event) => read(event.currentTarget.value)}
        />
      </label>
      {typeof pasted === 'string' && (
        <p class="notice" role="alert">
          {pasted}
        </p>
      )}
      {Array.isArray(pasted) && pasted.length !== width && (
        <p class="notice" role="alert">
          Expected {width} numbers, received {pasted.length}.{' '}
          {pasted.length > width && (
            <button
              type="button"
              class="quiet"
              onClick={() => onChange(pasted.slice(0, width), pasted.slice(width))}
            >
              Take the first {width}
            </button>
          )}{' '}
          {pasted.length > 1 && (
            <button type="button" class="quiet" onClick={() => onChange(stretched(pasted, width), [])}>
              Stretch them to {width}
            </button>
          )}
        </p>
      )}
    </details>
  );
}
