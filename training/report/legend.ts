/** What the colours of a figure mean. */
import { type Html, html } from './html.ts';
import { CATEGORIES, COLOURS } from './theme.ts';

export interface Entry {
  readonly name: string;
  /** As in the light theme. */
  readonly colour: string;
}

export function legend(entries: readonly Entry[]): Html {
  const items = entries.map(
    ({ name, colour }) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${colour}"/></svg>${name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

export interface Category extends Entry {
  /** As in the dark theme. */
  readonly dark: string;
  /** The points that have it, by number. */
  readonly members: readonly number[];
}

const NUMERIC = new Intl.Collator('en', { numeric: true });

/** Points by label: as many labels as there are colours, the rarest of more than that together; one where there are none. */
export function categoriesOf(labels: readonly (string | null)[] | null, points: number): readonly Category[] {
  if (labels === null) {
    const members = Array.from({ length: points }, (_, i) => i);
    return [{ name: 'test rows', colour: COLOURS.accent.light, dark: COLOURS.accent.dark, members }];
  }
  const byLabel = new Map<string, number[]>();
  labels.forEach((known, i) => {
    const label = known ?? 'not known';
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
