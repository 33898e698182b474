import type { NearText } from '../../evaluate/evidence/evaluation.ts';
import { NEAREST } from '../../evaluate/metrics/nearest.ts';
import { percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { Section } from '../section.ts';

export const searches: Section = {
  title: 'Neighbours by text',
  wide: true,
  render: ({ evaluation: { neighbours } }) => {
    const texts = neighbours?.texts ?? [];
    if (texts.length === 0) return undefined;
    const figures = texts.map(
      ({
        query,
        recall,
        nearest,
        found,
      }) => html`<figure class="user"><figcaption><p class="query">${query}</p>recall@${NEAREST} ${percent(recall)}</figcaption>
<div class="lists"><div><h3>nearest by vector</h3>${listed(nearest)}</div>
<div><h3>nearest by code</h3>${listed(found)}</div></div></figure>`,
    );
    return html`<p class="note">Test rows at even steps from the best recall@${NEAREST} to the worst, and the first of their nearest training rows. ✓ marks rows that are among the ${NEAREST} nearest by both.</p>
<div class="users">${figures}</div>`;
  },
};

function listed(rows: readonly NearText[]): Html {
  return html`<ol>${rows.map(({ text, isShared }) => html`<li>${text}${isShared ? '\u00a0✓' : ''}</li>`)}</ol>`;
}
