import { count, percent } from '../format.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';

export const recommendations: Section = {
  title: 'Recommendations',
  wide: true,
  render: ({ evaluation }) => {
    const { recommendations: users } = evaluation;
    if (users === null || users.length === 0) return undefined;
    const figures = users.map(({ given, givenCount, heldOutCount, recommended, ndcg }) => {
      const more = givenCount - given.length;
      const had = given.map((title) => html`<li>${title}</li>`);
      const next = recommended.map(({ title, isHeldOut }) =>
        isHeldOut ? html`<li><strong>${title}</strong>&nbsp;✓</li>` : html`<li>${title}</li>`,
      );
      return html`<figure class="user"><figcaption>NDCG@100 ${percent(ndcg)}: ${count(givenCount)} items given, ${count(heldOutCount)} held out</figcaption>
<div class="lists"><div><h3>given</h3><ul>${had}</ul>${more > 0 ? html`<p class="note">and ${count(more)} more</p>` : undefined}</div>
<div><h3>recommended</h3><ol>${next}</ol></div></div></figure>`;
    });
    return html`<p class="note">Users not seen in training, at the 90th, 50th and 10th percentile of NDCG@100. A fifth of the items of each user was held out; ✓ marks these.</p>
<div class="users">${figures}</div>`;
  },
};
