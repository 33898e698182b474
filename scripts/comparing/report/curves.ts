/** Validation losses of models over their epochs. */
import { chart } from '../../../training/report/charts.ts';
import { type Html, html } from '../../../training/report/html.ts';
import { type LegendEntry, legend } from '../../../training/report/legend.ts';
import { lossLines, shownEpochs } from '../../../training/report/lossLines.ts';
import type { ComparedModel } from '../models.ts';

/** Below this number of points, they are marked. */
const POINTS_BELOW = 60;

/** Draws one chart for all models whose losses measure the same, from the same settings. */
export async function lossCurves(
  models: readonly ComparedModel[],
  colours: readonly string[],
): Promise<Html> {
  const losses = models.map(lossOf);
  const groups = [...new Set(losses)].map((loss) => [...losses.keys()].filter((i) => losses[i] === loss));
  const drawn: Html[] = [];
  for (const members of groups) {
    const entries = members.map((i) => ({ name: models[i]!.label, colour: colours[i]! }));
    drawn.push(
      html`${legend(entries)}${await curvesOf(
        members.map((i) => models[i]!),
        entries,
      )}`,
    );
  }
  const apart =
    groups.length > 1 ? ' Losses that measure different things have charts of their own.' : undefined;
  return html`<p class="note">Loss on the validation rows of each model, per epoch.${apart}</p>${drawn}`;
}

function lossOf({ manifest: { variant, recipe } }: ComparedModel): string {
  const { loss, likelihood, divergence, kind } = recipe.config;
  return JSON.stringify([variant, loss, likelihood, divergence, kind]);
}

function curvesOf(models: readonly ComparedModel[], entries: readonly LegendEntry[]): Promise<Html> {
  const values = models.flatMap(({ label, history }) =>
    shownEpochs(history).map(({ epoch, validation }) => ({ epoch, loss: validation.loss, name: label })),
  );
  const description = `Validation loss per epoch of ${entries.map(({ name }) => name).join(', ')}.`;
  return chart(description, { layer: [lossLines(values, entries, values.length < POINTS_BELOW)] });
}
