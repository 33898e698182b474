/** Metrics of the models, and how far each is from the best. */
import { metricName } from '../../../shared/figureNames.ts';
import { chart } from '../../../training/report/charts.ts';
import { figure, smallPercent } from '../../../training/report/format.ts';
import { type Html, html } from '../../../training/report/html.ts';
import { scrollable } from '../../../training/report/scrollable.ts';
import { COLOURS } from '../../../training/report/theme.ts';
import { METRICS } from '../../retrain/metrics/registry.ts';
import type { MetricComparison } from '../compare.ts';
import { differenceParts } from '../verdict.ts';

/** One row per model, one column per metric. */
export function metricsTable(compared: readonly MetricComparison[], labels: readonly string[]): Html {
  const heads = compared.map(
    ({ name }) =>
      html`<th scope="col">${metricName(name)}<br>(${METRICS[name].better} is better; ${smallPercent(METRICS[name].confidence)} intervals)</th>`,
  );
  const rows = labels.map((label, i) => {
    const cells = compared.map(({ name, values, differences }) => {
      const own = differences[i];
      const { amount, interval } =
        own === undefined ? { amount: 'the best', interval: '' } : differenceParts(name, own);
      const lines = [amount, interval].map((line) => html`<br><span class="note">${line}</span>`);
      return html`<td>${figure(values[i]!)}${lines}</td>`;
    });
    return html`<tr><th scope="row">${label}</th>${cells}</tr>`;
  });
  return scrollable(
    'metrics of the models',
    html`<table><thead><tr><th scope="col">model</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** The differences to the best model by one metric, with their intervals. */
export function differenceChart(
  { name, differences, best }: MetricComparison,
  labels: readonly string[],
): Promise<Html> {
  const values = differences.flatMap((each, i) =>
    each === undefined ? [] : [{ model: labels[i]!, ...each }],
  );
  const y = {
    field: 'model',
    type: 'nominal' as const,
    sort: null,
    title: null,
    axis: { labelLimit: 160, labelOverlap: false },
  };
  const relative = METRICS[name].drop === 'relative';
  const title = `how much worse than ${labels[best]!}${relative ? '' : `, in ${metricName(name)}`}`;
  const axis = relative ? { format: '~%' } : {};
  return chart(
    `Differences in ${metricName(name)} to ${labels[best]!}, with ${smallPercent(METRICS[name].confidence)} intervals.`,
    {
      layer: [
        {
          data: { values },
          mark: { type: 'rule', strokeWidth: 2, color: COLOURS.accent.light },
          encoding: { y, x: { field: 'low', type: 'quantitative', title, axis }, x2: { field: 'high' } },
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 60, opacity: 1, color: COLOURS.accent.light },
          encoding: { y, x: { field: 'drop', type: 'quantitative', title, axis } },
        },
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: 'rule', strokeDash: [4, 3], color: COLOURS.muted.light },
          encoding: { x: { field: 'zero', type: 'quantitative' } },
        },
      ],
    },
    50 + 34 * values.length,
  );
}
