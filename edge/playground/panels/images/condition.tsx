import type { ModelDescription } from '../../../../shared/api.ts';
import { NUMBER, useRemembered } from '../../address.ts';

/** The label that a conditional model draws; all undefined for other models. */
export interface Label {
  /** For `decode` and its like. */
  readonly label?: number;
  /** What a row holds in addition to its pixels. */
  readonly values: readonly number[];
}

/** Returns the label that the reader has chosen, and the control to choose it, which is empty for other models. */
export function useLabel({ condition }: ModelDescription): [Label, preact.JSX.Element | null] {
  const [label, setLabel] = useRemembered('label', NUMBER, 0);
  const names = condition?.labels;
  if (names === undefined) return [{ values: [] }, null];
  const values = names.map((_, i) => (i === label ? 1 : 0));
  const control = (
    <label class="field">
      Label
      <select value={label} onInput={(event) => setLabel(Number(event.currentTarget.value))}>
        {names.map((name, i) => (
          <option value={i} key={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return [{ label, values }, control];
}
