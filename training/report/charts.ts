/** Charts as SVG, rendered here by Vega-Lite so that the page needs no script for them. */
import type { TopLevelSpec } from 'vega-lite';
import type { Field } from 'vega-lite/types_unstable/channeldef.js';
import type { LayerSpec } from 'vega-lite/types_unstable/spec/layer.js';
import { escaped, type Html, html, raw } from './html.ts';
import { COLOURS } from './theme.ts';

const WIDTH = 420;
const HEIGHT = 260;
const ink = COLOURS.ink.light;
const muted = COLOURS.muted.light;
const line = COLOURS.line.light;

const CONFIG: TopLevelSpec['config'] = {
  aria: false,
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: muted,
    titleColor: ink,
    titleFontWeight: 'normal',
    labelFontSize: 11,
    titleFontSize: 12,
    domainColor: line,
    tickColor: line,
    gridColor: line,
    gridOpacity: 0.7,
    labelFlush: true,
    labelOverlap: true,
    tickCount: 5,
  },
};

/** Vega-Lite specification without the parts that all charts share. */
export type ChartSpec = Without<TopLevelSpec, 'config' | 'width' | 'height' | 'autosize' | 'background'>;

/** Omits keys from each member of a union; `Omit` would keep only the keys that all members share. */
type Without<Spec, Key extends PropertyKey> = Spec extends unknown ? Omit<Spec, Key> : never;

/** Renders a chart that fills its column; `description` is one sentence for screen readers. */
export async function chart(description: string, spec: ChartSpec, height = HEIGHT): Promise<Html> {
  const full = {
    ...drawable(spec),
    config: CONFIG,
    width: WIDTH,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    background: 'transparent',
  } as TopLevelSpec;
  // Loaded by the first chart: it takes a second, and most importers of this file draw none.
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new View(parse(compile(full).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return html`<div class="chart">${raw(described(shortened(svg), description))}</div>`;
}

/**
 * Returns the specification with an invisible character before each text `__proto__`, a column's name for
 * instance: Vega uses texts as keys of objects, where this one does not work.
 */
function drawable(spec: ChartSpec): ChartSpec {
  return JSON.parse(JSON.stringify(spec), (_, value) => (value === '__proto__' ? `\u200b${value}` : value));
}

/** An SVG that screen readers announce as one image. */
export function described(svg: string, description: string): string {
  return svg.replace('<svg ', `<svg role="img" aria-label="${escaped(description)}" `);
}

/** Rounds coordinates to hundredths of a pixel, which halves the size. */
function shortened(svg: string): string {
  return svg.replace(/="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}

/** Dashed vertical line at `x`, labelled at the top on the given side. */
export function markedLine(
  x: number,
  text: string,
  side: 'left' | 'right',
  colour: string,
): LayerSpec<Field>['layer'] {
  const data = { values: [{ x }] };
  const encoding = { x: { field: 'x', type: 'quantitative' } } as const;
  const align = side === 'left' ? 'right' : 'left';
  const dx = side === 'left' ? -5 : 5;
  return [
    { data, encoding, mark: { type: 'rule', strokeDash: [4, 3], color: colour } },
    { data, encoding, mark: { type: 'text', text, align, dx, y: 0, baseline: 'top', color: colour } },
  ];
}
