import { html } from '../html.ts';
import { keyFigures } from '../keyFigures.ts';
import type { Section } from '../section.ts';

export const numbers: Section = {
  title: 'Key figures',
  wide: true,
  render: ({ manifest, evaluation }) => {
    const figures = keyFigures(manifest, evaluation).map(
      ({ name, value, meaning }) =>
        html`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="note">${meaning.replaceAll(/ (?=%)/g, '\u00a0')}</dd></div>`,
    );
    return html`<dl class="numbers">${figures}</dl>`;
  },
};
