import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { count, figure, percent, smallPercent } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { Section } from '../section.ts';

type Named = NonNullable<Evaluation['units']>['named'];

/** Units that are shown at once. */
const FIRST = 10;
/** Share of the rows above which a unit is unlikely to stand for one topic. */
const DENSE = 0.1;

export const units: Section = {
  title: 'Units of the code',
  wide: true,
  render: ({ manifest: { codeSize, metrics }, evaluation: { units: measured } }) => {
    if (measured === null) return undefined;
    const { rows, dead, named } = measured;
    const used = codeSize - dead;
    const note = `Over ${count(rows)} training rows: ${count(dead)} of ${count(codeSize)} units are dead (${percent(dead / codeSize)}), since no row activates them. On test rows, ${figure(metrics.l0!)} units are active on average, and the reconstruction explains ${percent(metrics['explained-variance']!)} of the variance.`;
    if (named.length === 0) return html`<p class="note">${note}</p>`;
    const most = named.length < used ? ` The ${count(named.length)} most used units are listed.` : '';
    const dense = named.filter(({ share }) => share > DENSE);
    const last =
      dense.length > 0
        ? ` Last are the ${count(dense.length)} that more than ${smallPercent(DENSE)} of the rows activate, which seldom stand for one topic.`
        : '';
    const ordered = [...named.filter(({ share }) => share <= DENSE), ...dense];
    const rest = ordered.slice(FIRST);
    return html`<p class="note">${note} Each unit with the share of the rows that activate it, and the texts that activate it most.${most}${last}</p>
${table(ordered.slice(0, FIRST))}
${rest.length === 0 ? undefined : html`<details><summary>${count(rest.length)} more units</summary>${table(rest)}</details>`}`;
  },
};

function table(named: Named): Html {
  const rows = named.map(
    ({ unit, share, texts }) =>
      html`<tr><th scope="row">${unit}</th><td>${smallPercent(share)}</td><td><ul>${texts.map((text) => html`<li>${text}</li>`)}</ul></td></tr>`,
  );
  return html`<table class="texts"><thead><tr><th scope="col">unit</th><th scope="col">share of rows</th><th scope="col">texts</th></tr></thead><tbody>${rows}</tbody></table>`;
}
