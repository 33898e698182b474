/** Validation losses of models over their epochs. */
import { chart } from '../../../training/report/charts.ts';
import { type Html, html } from '../../../training/report/html.ts';
import { type LegendEntry, legend } from '../../../training/report/legend.ts';
import type { ComparedModel } from '../models.ts';

/** Most epochs that a chart of this width can resolve. */
const MOST_EPOCHS = 400;
/** Ratio of the largest to the smallest loss above which the axis is logarithmic. */
const LOGARITHMIC_FROM = 10;

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
  const values = models.flatMap(({ label, history }) => {
    const every = Math.ceil(history.length / MOST_EPOCHS);
    return history
      .filter(({ epoch }) => epoch % every === 0 || epoch === 1)
      .map(({ epoch, validation }) => ({ epoch, loss: validation.loss, label }));
  });
  const losses = values.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const isLogarithmic = low > 0 && high / low > LOGARITHMIC_FROM;
  return chart(`Validation loss per epoch of ${entries.map(({ name }) => name).join(', ')}.`, {
    data: { values },
    mark: { type: 'line', strokeWidth: 2, point: losses.length < 60 ? { size: 25 } : false },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'epoch',
        scale: { zero: false },
        axis: { tickMinStep: 1, grid: false, format: 'd' },
      },
      y: {
        field: 'loss',
        type: 'quantitative',
        title: null,
        scale: isLogarithmic ? { type: 'log', nice: false } : { zero: false },
      },
      color: {
        field: 'label',
        type: 'nominal',
        legend: null,
        scale: { domain: entries.map(({ name }) => name), range: entries.map(({ colour }) => colour) },
      },
    },
  });
}
