import { described } from '../charts.ts';
import { drawDiagram } from '../diagram.ts';
import { count } from '../format.ts';
import { html, raw } from '../html.ts';
import type { Section } from '../section.ts';

/** Width of a wide section in pixels. */
const MAX_WIDTH = 1380;

export const architecture: Section = {
  title: 'Architecture',
  wide: true,
  render: async ({ evaluation, manifest }) => {
    const { encoder, decoder } = evaluation.layers;
    const parameters = [...encoder, ...decoder].reduce((sum, layer) => sum + layer.parameters, 0);
    const description = `Diagram of the layers, from ${manifest.features.count} features to a code of ${manifest.codeSize} and back.`;
    const long = await drawDiagram(evaluation.layers, 'LR');
    const tall = await drawDiagram(evaluation.layers, 'TB');
    const note = html`<p class="note">${count(parameters)} parameters. Shapes are those of the layer outputs; N is the number of rows.</p>`;
    const drawn = (svg: string) => raw(described(svg, description));
    if (long.width > MAX_WIDTH) return html`${note}<div class="diagram">${drawn(tall.svg)}</div>`;
    return html`${note}<div class="diagram long">${drawn(long.svg)}</div><div class="diagram tall">${drawn(tall.svg)}</div>`;
  },
};
