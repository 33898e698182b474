import { useState } from 'preact/hooks';
import { short } from '../model.ts';

/** Bars shown at first. */
const FIRST = 32;

interface CodeProps {
  readonly code: readonly number[];
  /** Receives the code with the value that the reader has dragged. */
  readonly onChange: (code: number[]) => void;
}

/** A code as bars that can be dragged. */
export function Code({ code, onChange }: CodeProps) {
  const [isWhole, setWhole] = useState(false);
  const reach = Math.max(3, ...code.map((value) => Math.ceil(Math.abs(value))));
  const shown = isWhole ? code : code.slice(0, FIRST);
  const change = (at: number) => (event: { currentTarget: HTMLInputElement }) =>
    onChange(code.map((value, i) => (i === at ? Number(event.currentTarget.value) : value)));
  return (
    <>
      <div class="bars">
        {shown.map((value, i) => (
          <label class="bar" key={i} data-value={value}>
            <span class="faint">{i}</span>
            <input
              type="range"
              min={-reach}
              max={reach}
              step={reach / 100}
              value={value}
              onInput={change(i)}
              aria-label={`dimension ${i} of the code`}
            />
            <output>{short(value)}</output>
          </label>
        ))}
      </div>
      {code.length > FIRST && (
        <button type="button" class="quiet" onClick={() => setWhole(!isWhole)}>
          {isWhole ? `Show the first ${FIRST}` : `Show all ${code.length}`}
        </button>
      )}
    </>
  );
}
