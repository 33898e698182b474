import type { JsonCell } from '../../../../shared/api.ts';
import { short } from '../../model.ts';
import { stepOf, type TableColumn } from './columns.ts';

interface FieldProps {
  readonly column: TableColumn;
  readonly value: JsonCell;
  readonly isBlamed: boolean;
  readonly onChange: (value: JsonCell) => void;
}

/** The value of one column: a slider over the range of the training rows, a choice, or nothing. */
export function Field({ column, value, isBlamed, onChange }: FieldProps) {
  const { name, unit, type, min, max } = column;
  return (
    <div class={`cell ${isBlamed ? 'blamed' : ''}`}>
      <span class="name">
        {name}
        {unit && <span class="faint"> {unit}</span>}
      </span>
      {type === 'number' ? (
        <NumberField {...{ column, value, onChange }} />
      ) : (
        <ChoiceField {...{ column, value, onChange }} />
      )}
      <span class="faint range">
        {type === 'number' && min !== null && max !== null && `${short(min)} to ${short(max)} in training`}
      </span>
    </div>
  );
}

type ValueProps = Omit<FieldProps, 'isBlamed'>;

function NumberField({ column, value, onChange }: ValueProps) {
  const { name, min, max, optional } = column;
  const number = typeof value === 'number' ? value : null;
  return (
    <span class="number">
      <input
        type="range"
        aria-label={`${name}, slider`}
        min={min ?? 0}
        max={max ?? 1}
        step={stepOf(column)}
        value={number ?? min ?? 0}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
      <input
        type="number"
        step="any"
        aria-label={name}
        required={!optional}
        placeholder={optional ? 'missing' : ''}
        value={number ?? ''}
        onInput={(event) => {
          const { value: text, valueAsNumber } = event.currentTarget;
          if (text === '' || Number.isFinite(valueAsNumber)) onChange(text === '' ? null : valueAsNumber);
        }}
      />
    </span>
  );
}

function ChoiceField({ column: { name, type, categories, optional }, value, onChange }: ValueProps) {
  const choices: readonly JsonCell[] = type === 'boolean' ? [false, true] : categories;
  const given = choices.map(String).indexOf(String(value));
  return (
    <select
      aria-label={name}
      value={given}
      onInput={(event) => onChange(choices[Number(event.currentTarget.value)] ?? null)}
    >
      {choices.map((choice, i) => (
        <option value={i} key={String(choice)}>
          {type === 'boolean' ? (choice ? 'yes' : 'no') : String(choice)}
        </option>
      ))}
      {optional && <option value={-1}>missing</option>}
    </select>
  );
}
