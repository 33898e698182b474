/**
 * Colours and layout. Figures are drawn once, in the colours of the light theme. In the dark theme, style
 * rules replace each colour that an SVG uses as fill or stroke.
 */

interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** All have a contrast of at least 3:1 to their surface, and text of 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
export const COLOURS = {
  ink: { light: '#1d2330', dark: '#e7eaf0' },
  muted: { light: '#586072', dark: '#a2abbd' },
  line: { light: '#d8dce4', dark: '#39414f' },
  surface: { light: '#ffffff', dark: '#1a1f29' },
  page: { light: '#f4f5f8', dark: '#11151c' },
  accent: { light: '#2f62d0', dark: '#83a8ff' },
  second: { light: '#c1540a', dark: '#ffa25c' },
  third: { light: '#7a3fb8', dark: '#c3a0ff' },
  fill: { light: '#e9effc', dark: '#243150' },
} as const satisfies Record<string, Colour>;

/** Colours of labels, in order; the last is for all remaining labels. */
export const CATEGORIES: readonly Colour[] = [
  { light: '#2a5fd1', dark: '#7fa6ff' },
  { light: '#c2560c', dark: '#ffa04d' },
  { light: '#2c7d31', dark: '#6fd478' },
  { light: '#c0195f', dark: '#ff80b3' },
  { light: '#0a7f8c', dark: '#4fd3e2' },
  { light: '#6b3cb8', dark: '#bb9cff' },
  { light: '#8a6a00', dark: '#e6c447' },
  { light: '#b3201c', dark: '#ff7670' },
  { light: '#5f4237', dark: '#cda38f' },
  { light: '#64748b', dark: '#a9b6c8' },
];

const all: readonly (readonly [string, Colour])[] = Object.entries(COLOURS);

function variables(theme: keyof Colour): string {
  return `:root { ${all.map(([name, colour]) => `--${name}: ${colour[theme]};`).join(' ')} }`;
}

function redrawn(): string {
  const colours = [...all.map(([, colour]) => colour), ...CATEGORIES];
  return colours
    .flatMap(({ light, dark }) =>
      ['fill', 'stroke'].map((property) => `svg [${property}="${light}"] { ${property}: ${dark}; }`),
    )
    .join('\n');
}

export const STYLE = `
${variables('light')}
@media (prefers-color-scheme: dark) {
${variables('dark')}
${redrawn()}
}
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 1440px; margin: 0 auto; padding: 1rem clamp(0.75rem, 2vw, 2rem); }
header { padding-bottom: 0; }
h1 { margin: 0.5rem 0 0; font-size: 1.7rem; line-height: 1.2; overflow-wrap: anywhere; }
h1 small { font: 1rem ui-monospace, monospace; color: var(--muted); }
h2 { margin: 0 0 0.25rem; font-size: 1.1rem; }
p { margin: 0 0 0.75rem; }
header p, .note, figcaption, dt { color: var(--muted); }
.note, figcaption { font-size: 0.87rem; line-height: 1.4; }
main { columns: 25rem 3; column-gap: 1rem; }
section { break-inside: avoid; margin-bottom: 1rem; padding: 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
section.wide { column-span: all; }
section:not(.wide) + .wide { margin-top: 1rem; }
figure { margin: 0; }
svg, img { display: block; }
.chart > svg { width: 100%; max-width: 34rem; height: auto; margin: 0 auto; }
.scroll { overflow-x: auto; scrollbar-width: thin; background:
  linear-gradient(to right, var(--surface) 30%, transparent) left / 2.5rem 100% no-repeat local,
  linear-gradient(to left, var(--surface) 30%, transparent) right / 2.5rem 100% no-repeat local,
  linear-gradient(to right, var(--muted), transparent) left / 0.5rem 100% no-repeat scroll,
  linear-gradient(to left, var(--muted), transparent) right / 0.5rem 100% no-repeat scroll; }
.numbers { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); margin: 0; }
.numbers dd { margin: 0; }
.numbers .value { font-size: 2rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.facts { display: grid; gap: 0.4rem 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); margin: 0; }
.facts dt { font-size: 0.82rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
ul.note { margin: 0 0 0.75rem; padding-left: 1.1rem; }
.headline { margin-top: 0.5rem; font-weight: 650; color: var(--ink); }
.verdicts { display: grid; gap: 0.8rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); margin: 0; }
.verdicts dt { font-weight: 650; color: var(--ink); }
.verdicts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
details { margin-top: 0.75rem; }
summary { cursor: pointer; color: var(--muted); }
details.first { margin-top: 0; }
details .facts, details .verdicts { margin-top: 0.5rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; font-weight: 500; padding-left: 0; }
.tight { font-size: 0.85rem; }
.tight th, .tight td { padding-inline: 0.2rem; }
.tight th:first-child { white-space: normal; }
.tight th:first-child { padding-left: 0; }
thead th { color: var(--muted); font-weight: 500; white-space: normal; vertical-align: bottom; }
.bar { display: block; height: 0.5rem; min-width: 2px; border-radius: 3px; background: var(--accent); }
td.bars { width: 40%; min-width: 5rem; }
.examples { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.examples tbody th:first-child { overflow-wrap: anywhere; }
.examples caption { color: var(--muted); text-align: left; font-size: 0.87rem; }
.pairs { display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fill, minmax(5.6rem, 1fr)); }
.pairs img { width: 100%; height: auto; border-radius: 4px; margin-bottom: 3px; image-rendering: pixelated; background: #000; }
.pairs figcaption { font-size: 0.75rem; }
.spread { display: grid; gap: 0.9rem 1.2rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
.spread svg { width: 100%; height: 5.5rem; }
.users { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); font-size: 0.87rem; }
.users figcaption { padding-bottom: 0.4rem; border-bottom: 1px solid var(--line); }
.users .lists { display: grid; gap: 0.75rem 1.25rem; grid-template-columns: 1fr 1fr; }
.users h3 { margin: 0.5rem 0 0.2rem; font-size: 0.82rem; font-weight: 500; color: var(--muted); }
.users ul, .users ol { margin: 0; padding-left: 1.4rem; overflow-wrap: anywhere; }
.users ul { padding-left: 1rem; }
.users .query { margin: 0 0 0.4rem; color: var(--ink); font-size: 0.95rem; }
.texts ul { margin: 0; padding-left: 1.1rem; }
.texts th:last-child, .texts td:last-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.texts th, .texts td { vertical-align: top; }
.small { display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fill, minmax(5rem, 1fr)); }
.small svg { width: 100%; height: 2.6rem; border-bottom: 1px solid var(--line); }
.small figcaption { font-size: 0.75rem; text-align: center; }
.map { max-width: 22rem; margin: 0.5rem auto; }
.map img { width: 100%; height: auto; image-rendering: pixelated; border: 1px solid var(--line); }
.scale { display: flex; align-items: center; gap: 0.5rem; margin-top: 0.4rem; font-size: 0.82rem; font-variant-numeric: tabular-nums; }
.scale span { flex: 1; height: 0.6rem; border-radius: 3px; border: 1px solid var(--line); }
.legend { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; margin: 0.25rem 0 0.5rem; padding: 0; list-style: none; font-size: 0.85rem; }
.legend li { display: flex; align-items: center; gap: 0.3rem; overflow-wrap: anywhere; }
.legend svg { width: 10px; height: 10px; flex: none; }
.space { height: 24rem; }
.tall { display: none; }
.diagram svg { max-width: 100%; height: auto; margin: 0 auto; }
.diagram .node text:first-of-type { font-weight: 650; }
.diagram .node text:not(:first-of-type) { font-size: 9.5px; }
@media (max-width: 900px) { .tall { display: block; } .long { display: none; } }
`;
