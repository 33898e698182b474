import type { EvaluatedFeature, NullableFigures } from '../../evaluate/evidence/evaluation.ts';
import { chart } from '../charts.ts';
import { figure } from '../format.ts';
import { type Html, html } from '../html.ts';
import { heatMap, imageShape } from '../images.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

/** Most bars in the chart. */
const MAX_BARS = 30;

export const featureErrors: Section = {
  title: 'Error per feature',
  render: ({ evaluation }) => {
    const { featureErrors: errors, target } = evaluation;
    if (errors === null) return undefined;
    if (target.kind === 'image') {
      const { channels, height, width } = imageShape(target.shape);
      return asMap(perPlace(errors, height * width, channels), height, width);
    }
    if (target.features !== null) return asBars(errors, target.features);
    const [steps, channels = 1] = target.shape;
    return asLine(perPlace(errors, steps!, channels), channels);
  },
};

function asMap(errors: NullableFigures, height: number, width: number): Html {
  const largest = Math.max(...errors.map((error) => error ?? 0));
  const uri = heatMap(
    errors.map((error) => (error ?? 0) / (largest || 1)),
    height,
    width,
  );
  return html`<p class="note">Mean squared error of each pixel, averaged over the test rows.</p>
<figure class="map"><img src="${uri}" alt="Heat map of the error of every pixel; the largest is ${figure(largest)}.">
<figcaption class="scale">0<span style="background:linear-gradient(to right,transparent,rgb(230 96 20))"></span>${figure(largest)}</figcaption></figure>`;
}

async function asLine(errors: NullableFigures, channels: number): Promise<Html> {
  const drawn = await chart('Mean squared error by position in the row.', {
    data: { values: errors.map((error, position) => ({ error, position })) },
    mark: { type: 'area', color: COLOURS.accent.light, opacity: 0.85 },
    encoding: {
      x: {
        field: 'position',
        type: 'quantitative',
        title: channels === 1 ? 'position' : 'step',
        scale: { nice: false },
        axis: { grid: false },
      },
      y: { field: 'error', type: 'quantitative', title: null },
    },
  });
  return html`<p class="note">Mean squared error at each ${channels === 1 ? 'position, averaged over' : `step, averaged over its ${channels} channels and`} the test rows.</p>${drawn}`;
}

/** Errors relative to the spread of the feature, so that features in different units are comparable. */
async function asBars(errors: NullableFigures, features: readonly EvaluatedFeature[]): Promise<Html> {
  const values = errors
    .map((error, i) => {
      const { name, standardDeviation: spread } = features[i]!;
      return {
        name,
        error: spread > 0 ? Math.sqrt(error ?? 0) / spread : 0,
      };
    })
    .sort((a, b) => b.error - a.error)
    .slice(0, MAX_BARS);
  const drawn = await chart(
    `Error of each feature; the largest, ${figure(values[0]!.error)}, is that of ${values[0]!.name}.`,
    {
      data: { values },
      mark: { type: 'bar', color: COLOURS.accent.light, height: { band: 0.7 } },
      encoding: {
        y: {
          field: 'name',
          type: 'nominal',
          sort: null,
          title: null,
          axis: { labelLimit: 140, labelFlush: false, ticks: false, domain: false, labelOverlap: false },
        },
        x: { field: 'error', type: 'quantitative', title: null },
      },
    },
    40 + 18 * values.length,
  );
  const left = errors.length - values.length;
  return html`<p class="note">Root mean squared error in standard deviations of the feature: always predicting its mean would give 1.${left > 0 ? ` Only the ${values.length} largest of ${errors.length} are shown.` : ''}</p>${drawn}`;
}

/** Mean over the channels of each pixel or step. */
function perPlace(errors: NullableFigures, places: number, channels: number): number[] {
  return Array.from({ length: places }, (_, i) => mean(errors.slice(i * channels, (i + 1) * channels)));
}

function mean(values: NullableFigures): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
}
