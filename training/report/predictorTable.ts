/** Table of a predictor's metrics on the code and on its baselines. */
import { baselineName, metricName } from '../../shared/figureNames.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { figure } from './format.ts';
import { type Html, html } from './html.ts';
import { scrollable } from './scrollable.ts';

/** One row for the code and each baseline, one column for each metric `{predictor}-{name}`. */
export function predictorTable(manifest: Manifest, names: readonly string[]): Html {
  const { metrics, baselines, prediction } = manifest;
  const columns = names.map((name) => `${prediction?.predictor}-${name}`);
  const all = [
    ['the code', metrics] as const,
    ...Object.entries(baselines).map(([name, each]) => [baselineName(name, manifest), each] as const),
  ];
  const rows = all
    .filter(([, values]) => columns.some((metric) => metric in values))
    .map(
      ([name, values]) =>
        html`<tr><th scope="row">${name}</th>${columns.map((metric) => html`<td>${figure(values[metric] ?? null)}</td>`)}</tr>`,
    );
  const heads = columns.map((metric) => html`<th scope="col">${metricName(metric)}</th>`);
  return scrollable(
    'metrics of the prediction',
    html`<table class="tight"><thead><tr><td></td>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}
