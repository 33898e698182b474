import type { Evaluation } from '../../evaluate/evidence/evaluation.ts';
import { NEAREST } from '../../evaluate/metrics/nearest.ts';
import { chart } from '../charts.ts';
import { count, percent, VECTOR_BYTES } from '../format.ts';
import { type Html, html } from '../html.ts';
import { legend } from '../legend.ts';
import { scrollable } from '../scrollable.ts';
import type { Section } from '../section.ts';
import { CATEGORIES } from '../theme.ts';

type Recalls = NonNullable<Evaluation['neighbours']>['own'];

interface Series {
  readonly name: string;
  readonly recalls: Recalls;
  readonly colour: string;
}

/** Names of the projections for any number of dimensions. */
const NAMES: Readonly<Record<string, string>> = {
  pca: 'PCA',
  svd: 'SVD',
  truncation: 'truncation',
  'random-projection': 'random projection',
};

export const neighbours: Section = {
  title: 'Neighbours kept',
  wide: true,
  render: async ({ evaluation: { neighbours: measured } }) => {
    if (measured === null) return undefined;
    const { queries, indexed, own, int8, baselines } = measured;
    const all = { 'this model': own, ...baselines };
    const series = Object.entries(all).map(([name, recalls], i): Series => {
      return { name: NAMES[name] ?? name, recalls, colour: CATEGORIES[i]!.light };
    });
    return html`<p class="note">Recall@${NEAREST}: the share of the ${NEAREST} nearest of ${count(indexed)} training rows, by cosine similarity, that are also among the ${NEAREST} nearest by code. Over ${count(queries)} test rows.</p>
${legend(series)}
<div class="examples">${await drawn(series)}${scrollable('recall by dimensions', table(series, int8))}</div>`;
  },
};

function drawn(series: readonly Series[]): Promise<Html> {
  const values = series.flatMap(({ name, recalls }) => recalls.map((each) => ({ name, ...each })));
  return chart(`Recall@${NEAREST} by dimensions: ${series.map(lastOf).join(', ')}.`, {
    data: { values },
    mark: { type: 'line', strokeWidth: 2, point: { size: 40 } },
    encoding: {
      x: { field: 'dimensions', type: 'quantitative', title: 'dimensions', axis: { grid: false } },
      y: {
        field: 'recall',
        type: 'quantitative',
        title: `recall@${NEAREST}`,
        scale: { domain: [0, 1] },
        axis: { format: '.1~f' },
      },
      color: {
        field: 'name',
        type: 'nominal',
        legend: null,
        scale: { domain: series.map(({ name }) => name), range: series.map(({ colour }) => colour) },
      },
    },
  });
}

function lastOf({ name, recalls }: Series): string {
  const { dimensions, recall } = recalls.at(-1)!;
  return `${name} ${percent(recall)} at ${dimensions}`;
}

function table(series: readonly Series[], int8: number): Html {
  const grid = [...new Set(series.flatMap(({ recalls }) => recalls.map(({ dimensions }) => dimensions)))];
  const heads = series.map(({ name }) => html`<th scope="col">${name}</th>`);
  const rows = grid
    .sort((a, b) => a - b)
    .map((dimensions) => {
      const cells = series.map(({ recalls }) => {
        const found = recalls.find((each) => each.dimensions === dimensions);
        return html`<td>${found === undefined ? '–' : percent(found.recall)}</td>`;
      });
      return html`<tr><th scope="row">${dimensions}</th><td>${count(VECTOR_BYTES.float32(dimensions))}</td>${cells}</tr>`;
    });
  const widest = series[0]!.recalls.at(-1)!.dimensions;
  const asInt8 = html`<tr><th scope="row">${widest}, int8</th><td>${count(VECTOR_BYTES.int8(widest))}</td><td>${percent(int8)}</td>${series.slice(1).map(() => html`<td>–</td>`)}</tr>`;
  return html`<table><thead><tr><th scope="col">dimensions</th><th scope="col">bytes</th>${heads}</tr></thead><tbody>${rows}${asInt8}</tbody></table>`;
}
