import { chart } from '../charts.ts';
import { count } from '../format.ts';
import { html } from '../html.ts';
import { predictorTable } from '../predictorTable.ts';
import type { Section } from '../section.ts';
import { COLOURS } from '../theme.ts';

export const predicted: Section = {
  title: 'Predicted and true values',
  render: async ({ manifest, evaluation }) => {
    const { prediction } = evaluation;
    if (prediction === null || prediction.classes !== null) return undefined;
    const { target, actual, predicted } = prediction;
    const values = actual.map((x, i) => ({ x, y: predicted[i]! }));
    const all = [...actual, ...predicted];
    const low = all.reduce((least, value) => Math.min(least, value));
    const high = all.reduce((most, value) => Math.max(most, value));
    const axis = (field: 'x' | 'y', title: string) => ({
      field,
      type: 'quantitative' as const,
      title,
      scale: { domain: [low, high] },
    });
    const encoding = { x: axis('x', `true ${target}`), y: axis('y', `predicted ${target}`) };
    const drawn = await chart(
      `Predictions of ${target} against its true values, for ${actual.length} test rows.`,
      {
        layer: [
          {
            data: {
              values: [
                { x: low, y: low },
                { x: high, y: high },
              ],
            },
            mark: { type: 'line', color: COLOURS.muted.light, strokeDash: [4, 3] },
            encoding,
          },
          {
            data: { values },
            mark: { type: 'circle', size: 18, opacity: 0.75, color: COLOURS.accent.light },
            encoding,
          },
        ],
      },
      340,
    );
    return html`<p class="note">Predictions from the codes of ${count(actual.length)} test rows by ${manifest.prediction!.predictor}. On the dashed line they are exact.</p>${drawn}
${predictorTable(manifest, ['mae'])}`;
  },
};
