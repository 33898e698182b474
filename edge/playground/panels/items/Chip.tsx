interface ChipProps {
  readonly title: string;
  /** Undefined for an item that cannot be removed. */
  readonly onRemove?: () => void;
}

/** An item of a list that is picked. */
export function Chip({ title, onRemove }: ChipProps) {
  return (
    <li>
      {title}
      {onRemove && (
        <button type="button" class="quiet" aria-label={`Remove ${title}`} onClick={onRemove}>
          ×
        </button>
      )}
    </li>
  );
}
