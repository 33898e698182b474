import { chart } from '../charts.ts';
import { count } from '../format.ts';
import { html } from '../html.ts';
import { labelCategories, legend } from '../legend.ts';
import type { Section } from '../section.ts';

export const scatter: Section = {
  title: 'The code in two dimensions',
  render: async ({ evaluation }) => {
    const { axes, points, labels, labelName } = evaluation.scatter;
    if (axes.length < 2 || points.length === 0) return undefined;
    const categories = labelCategories(labels, points.length);
    const values = categories.flatMap(({ name, members }) =>
      members.map((i) => ({ x: points[i]![0], y: points[i]![1], name })),
    );
    const description = `Codes of ${points.length} test rows by ${axes[0]} and ${axes[1]}.`;
    const drawn = await chart(
      description,
      {
        data: { values },
        mark: { type: 'circle', size: 14, opacity: 0.75 },
        encoding: {
          x: { field: 'x', type: 'quantitative', title: axes[0]!, scale: { zero: false } },
          y: { field: 'y', type: 'quantitative', title: axes[1]!, scale: { zero: false } },
          color: {
            field: 'name',
            type: 'nominal',
            legend: null,
            scale: {
              domain: categories.map(({ name }) => name),
              range: categories.map(({ colour }) => colour),
            },
          },
        },
      },
      340,
    );
    return html`<p class="note">Codes of ${count(points.length)} test rows${labels === null ? '' : `, coloured by ${labelName ?? 'label'}`}. To the model, rows with nearby codes are similar.</p>
${labels === null ? undefined : legend(categories)}${drawn}`;
  },
};
