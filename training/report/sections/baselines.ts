import { metricName, pcaCopies } from '../../../shared/figureNames.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import type { MetricValues } from '../../evaluate/metrics/metrics.ts';
import { comparisonOf } from '../comparison.ts';
import { figure } from '../format.ts';
import { type Html, html } from '../html.ts';
import { scrollable } from '../scrollable.ts';
import type { Section } from '../section.ts';

export const baselines: Section = {
  title: 'Baselines',
  render: ({ manifest }) => {
    const { metrics: compared, rows: all, own: others } = comparisonOf(manifest);
    const heads = compared.map(
      (metric) =>
        html`<th scope="col"${compared.length === 1 ? html` colspan="2"` : undefined}>${metricName(metric)}</th>`,
    );
    const rows = all.map(
      ({ name, values }) =>
        html`<tr><th scope="row">${name}</th>${compared.map((metric) => html`<td>${figure(values[metric] ?? null)}</td>`)}${bar(all, values, compared)}</tr>`,
    );
    const own = others.map(
      ([metric, value]) => html`<tr><th scope="row">${metricName(metric)}</th><td>${figure(value)}</td></tr>`,
    );
    return html`<p class="note">On the same test rows.${noteOf(manifest)}</p>
${scrollable('metrics of the model and its baselines', html`<table class="tight"><thead><tr><td></td>${heads}</tr></thead><tbody>${rows}</tbody></table>`)}
${own.length === 0 ? undefined : scrollable('other metrics', html`<table><thead><tr><th scope="col">other metrics</th><td></td></tr></thead><tbody>${own}</tbody></table>`)}`;
  },
};

function noteOf({ baselines: others }: Pick<Manifest, 'baselines'>): string {
  if (!('pca' in others)) return '';
  return pcaCopies(others)
    ? ' PCA with as many components as there are columns merely copies the rows.'
    : ' Among linear models with as many values per code, PCA reconstructs the training rows best.';
}

/** Bar next to the figure, if there is only one to compare. */
function bar(
  all: readonly { readonly values: MetricValues }[],
  values: MetricValues,
  compared: readonly string[],
): Html | undefined {
  const [metric, ...rest] = compared;
  if (metric === undefined || rest.length > 0) return undefined;
  const largest = Math.max(...all.map((each) => each.values[metric] ?? 0));
  const share = (values[metric] ?? 0) / (largest || 1);
  return html`<td class="bars"><span class="bar" style="width:${(100 * share).toFixed(1)}%"></span></td>`;
}
