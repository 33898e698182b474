import type { ImageShape } from '../model.ts';
import { blank, EXAMPLES, example } from './brushes.ts';

interface ExamplesProps {
  readonly shape: ImageShape;
  /** Names the drawing, where there are several. */
  readonly of?: string;
  readonly onPick: (row: number[]) => void;
}

/** Buttons that clear a drawing, or draw a digit. */
export function Examples({ shape, of, onPick }: ExamplesProps) {
  return (
    <div class="buttons">
      <button type="button" onClick={() => onPick(blank(shape))}>
        Clear
      </button>
      {EXAMPLES.map((name) => (
        <button
          type="button"
          class="quiet"
          onClick={() => onPick(example(name, shape))}
          key={name}
          aria-label={of === undefined ? `Draw a ${name}` : `${of}: draw a ${name}`}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
