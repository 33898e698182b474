/** Legends of figures, and groups of points by label. */
import { type Html, html } from './html.ts';
import { CATEGORIES, COLOURS } from './theme.ts';

export interface LegendEntry {
  readonly name: string;
  /** Colour in the light theme. */
  readonly colour: string;
}

export function legend(entries: readonly LegendEntry[]): Html {
  const items = entries.map(
    ({ name, colour }) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${colour}"/></svg>${name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

export interface LabelCategory extends LegendEntry {
  /** Colour in the dark theme. */
  readonly dark: string;
  /** Indices of the points with this label. */
  readonly members: readonly number[];
}

const NUMERIC = new Intl.Collator('en', { numeric: true });

/**
 * Groups points by label. If there are more labels than colours, the rarest share a group; without labels,
 * all points do.
 */
export function labelCategories(
  labels: readonly (string | null)[] | null,
  points: number,
): readonly LabelCategory[] {
  if (labels === null) {
    const members = Array.from({ length: points }, (_, i) => i);
    return [{ name: 'test rows', colour: COLOURS.accent.light, dark: COLOURS.accent.dark, members }];
  }
  const byLabel = new Map<string, number[]>();
  labels.forEach((known, i) => {
    const label = known ?? 'unknown';
    byLabel.set(label, [...(byLabel.get(label) ?? []), i]);
  });
  const byFrequency = [...byLabel].sort(([, a], [, b]) => b.length - a.length);
  const own = byFrequency.length > CATEGORIES.length ? CATEGORIES.length - 1 : byFrequency.length;
  const named = byFrequency.slice(0, own).sort(([a], [b]) => NUMERIC.compare(a, b));
  const others = byFrequency.slice(own).flatMap(([, members]) => members);
  const groups = others.length === 0 ? named : [...named, ['others', others] as const];
  return groups.map(([name, members], i) => {
    const { light, dark } = CATEGORIES[i]!;
    return { name, members, colour: light, dark };
  });
}
