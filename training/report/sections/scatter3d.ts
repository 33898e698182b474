import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { count } from '../format.ts';
import { html, raw, scriptJson } from '../html.ts';
import { labelCategories, legend } from '../legend.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

const require = createRequire(import.meta.url);

/**
 * Plotly measures its labels by reading back 2-D canvases. Without `willReadFrequently`, Chromium logs a
 * warning about that in the console.
 */
const READ_BACK = `
(() => {
  const own = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (type, options) {
    return own.call(this, type, type === '2d' ? { willReadFrequently: true, ...options } : options);
  };
})();`;

/** Draws `space` in the colours of the current theme. */
const DRAW = `
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const element = document.getElementById('space');
  const draw = () => {
    const theme = dark.matches ? 'dark' : 'light';
    const { ink, line } = space.colours[theme];
    const axis = (text) => ({
      title: { text, font: { size: 11 } }, color: ink, gridcolor: line, zerolinecolor: line, tickfont: { size: 9 }, nticks: 5,
    });
    const traces = space.traces.map(({ name, colours, x, y, z }) => ({
      type: 'scatter3d', mode: 'markers', name, x, y, z, hovertemplate: '%{x:.3~g}, %{y:.3~g}, %{z:.3~g}',
      marker: { size: 2.5, color: colours[theme], opacity: 0.85 },
    }));
    const [x, y, z] = space.axes.map(axis);
    const layout = {
      scene: { xaxis: x, yaxis: y, zaxis: z, camera: { eye: { x: 1.6, y: 1.6, z: 1 }, center: { x: 0, y: 0, z: -0.12 } }, aspectmode: 'cube' },
      margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: 'rgba(0,0,0,0)', showlegend: false,
    };
    Plotly.react(element, traces, layout, { displayModeBar: false, responsive: true });
  };
  dark.addEventListener('change', draw);
  draw();
})();`;

export const scatter3d: Section = {
  title: 'The code in three dimensions',
  render: async ({ evaluation }) => {
    const { axes, points, labels, labelName } = evaluation.scatter;
    if (axes.length < 3 || points.length === 0) return undefined;
    const categories = labelCategories(labels, points.length);
    const traces = categories.map(({ name, colour, dark, members }) => {
      const along = (axis: number) => members.map((i) => points[i]![axis]!);
      return { name, colours: { light: colour, dark }, x: along(0), y: along(1), z: along(2) };
    });
    const theme = (name: 'light' | 'dark') => ({ ink: COLOURS.ink[name], line: COLOURS.line[name] });
    const space = {
      axes: axes.map(shortName),
      traces,
      colours: { light: theme('light'), dark: theme('dark') },
    };
    const plotly = await readFile(require.resolve('plotly.js-gl3d-dist-min'), 'utf8');
    return html`<p class="note">Codes of ${count(points.length)} test rows by ${axes.join(', ')}${labels === null ? '' : `, coloured by ${labelName ?? 'label'}`}. Drag to rotate.</p>
${labels === null ? undefined : legend(categories)}
<div class="space" id="space" role="img" aria-label="Codes of ${points.length} test rows in three dimensions: ${axes.join(', ')}."></div>
<noscript><p class="note">This figure needs JavaScript.</p></noscript>
<script>${raw(READ_BACK)}</script>
<script>${raw(plotly.replaceAll('</script', '<\\/script'))}</script>
<script>const space = ${scriptJson(space)};${raw(DRAW)}</script>`;
  },
};

/** Axis name without its bracketed part, for the short labels of a small cube. */
function shortName(axis: string): string {
  return axis.replace(/ \(.*/, '');
}
