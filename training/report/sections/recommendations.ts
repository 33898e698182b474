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
        isHeldOut ? html`<li><strong>${title}</strong> ✓</li>` : html`<li>${title}</li>`,
      );
      return html`<figure class="user"><figcaption>NDCG@100 ${percent(ndcg)}: ${count(givenCount)} items given, ${count(heldOutCount)} held out</figcaption>
<div class="lists"><div><h3>had</h3><ul>${had}</ul>${more > 0 ? html`<p class="note">and ${count(more)} more</p>` : undefined}</div>
<div><h3>is recommended</h3><ol>${next}</ol></div></div></figure>`;
    });
    return html`<p class="note">Test users, whom training did not see, from a well to a badly served one (the 90th, 50th and 10th percentile by NDCG@100). A fifth of their items was held out: ✓ is one of these.</p>
<div class="users">${figures}</div>`;
  },
};
