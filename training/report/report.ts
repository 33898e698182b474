/** Renders `report.html`, a self-contained page about a model. */
import type { Manifest } from '../../shared/manifest.ts';
import { count } from './format.ts';
import { type Html, html, raw } from './html.ts';
import type { ReportSource, Section } from './section.ts';
import { SECTIONS } from './sections/registry.ts';
import { STYLE } from './theme.ts';

// The browser enforces that nothing is loaded.
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/**
 * Returns the report as one HTML page. The same source gives the same text: it leaves out the times in the
 * manifest.
 */
export async function renderReport(source: ReportSource): Promise<string> {
  const { variant, features, codeSize } = source.manifest;
  const sections: (Html | undefined)[] = [];
  for (const [id, section] of Object.entries<Section>(SECTIONS)) {
    sections.push(framed(id, section, await section.render(source)));
  }
  const summary = `An autoencoder (${variant}) for rows of ${count(features.count)} features, with a code size of ${codeSize}.`;
  return page(source.manifest, summary, sections);
}

/** Returns a page about a model with sections in the style of a report. */
export function page(
  { name, version }: Pick<Manifest, 'name' | 'version'>,
  summary: string,
  sections: readonly (Html | undefined)[],
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${name} ${version}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>${name} <small>${version}</small></h1>
<p>${summary}</p>
</header>
<main>${sections}</main>
</body>
</html>
`.markup;
}

/** Returns a section with its heading; undefined without a body. */
export function framed(
  id: string,
  { title, wide }: Pick<Section, 'title' | 'wide'>,
  body: Html | undefined,
): Html | undefined {
  if (body === undefined) return undefined;
  return html`
<section id="${id}" aria-labelledby="${id}-title"${wide ? raw(' class="wide"') : undefined}>
<h2 id="${id}-title">${title}</h2>
${body}
</section>`;
}
