/** The page of a comparison, in the style of the reports. */
import { metricName } from '../../../shared/figureNames.ts';
import { count, figure } from '../../../training/report/format.ts';
import { type Html, html } from '../../../training/report/html.ts';
import { framed, page } from '../../../training/report/report.ts';
import { scrollable } from '../../../training/report/scrollable.ts';
import { CATEGORIES } from '../../../training/report/theme.ts';
import type { MetricComparison } from '../compare.ts';
import type { ComparedExample } from '../examples.ts';
import type { ComparedModel } from '../models.ts';
import { type Differing, differingSettings } from '../settings.ts';
import { lossCurves } from './curves.ts';
import { differenceChart, metricsTable } from './metrics.ts';
import { reconstructionFigures } from './reconstructions.ts';

export interface ComparisonPage {
  readonly models: readonly ComparedModel[];
  readonly compared: readonly MetricComparison[];
  /** One of `compared`. */
  readonly deciding: MetricComparison;
  readonly examples: readonly ComparedExample[];
  /** One sentence. */
  readonly verdict: string;
  /** The choice of the rows, as sentences. */
  readonly notes: readonly string[];
}

export async function renderComparison({
  models,
  compared,
  deciding,
  examples,
  verdict,
  notes,
}: ComparisonPage): Promise<string> {
  const labels = models.map(({ label }) => label);
  const colours = models.map((_, i) => CATEGORIES[i % CATEGORIES.length]!.light);
  const settings = differingSettings(models.map(({ manifest }) => manifest));
  const about = [
    ...notes,
    `differences are to the best model by each metric, with intervals${isOfTable(models) ? UNITS : ''}`,
  ];
  const onRows = about.map((note) => html`<p class="note">${note}</p>`);
  const sections = [
    framed('metrics', { title: 'Metrics', wide: true }, html`${onRows}${metricsTable(compared, labels)}`),
    framed(
      'reconstructions',
      { title: 'Reconstructions', wide: true },
      reconstructionFigures(examples, models, colours),
    ),
    framed(
      'difference',
      { title: `Difference in ${metricName(deciding.name)}` },
      await differenceChart(deciding, labels),
    ),
    framed('training', { title: 'Training' }, await lossCurves(models, colours)),
    framed('recorded', { title: 'As recorded after training' }, recorded(models)),
    framed(
      'settings',
      { title: 'Settings that differ', wide: true },
      settings.length === 0 ? html`<p class="note">None.</p>` : settingsTable(settings, labels),
    ),
  ];
  return page({ name: labels.join(', '), version: 'compared' }, verdict, sections);
}

const UNITS =
  '; squared errors of columns are in standard deviations of these rows, and a category counts its Brier score: units that all models share';

function isOfTable(models: readonly ComparedModel[]): boolean {
  return models[0]!.manifest.features.columns !== undefined;
}

function settingsTable(settings: readonly Differing[], labels: readonly string[]): Html {
  const heads = labels.map((label) => html`<th scope="col">${label}</th>`);
  const rows = settings.map(
    ({ name, values }) =>
      html`<tr><th scope="row">${name}</th>${values.map((value) => html`<td>${value ?? '–'}</td>`)}</tr>`,
  );
  return scrollable(
    'settings that differ',
    html`<table><thead><tr><th scope="col">setting</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** Sizes and figures of the manifests, each model's of its own test rows. */
function recorded(models: readonly ComparedModel[]): Html {
  const names = [...new Set(models.flatMap(({ manifest }) => Object.keys(manifest.metrics)))];
  const facts: readonly (readonly [string, (model: ComparedModel) => string])[] = [
    ['code size', ({ manifest }) => count(manifest.codeSize)],
    ['graphs, KiB', ({ manifest }) => count(Math.round(graphBytes(manifest.graphs) / 1024))],
    ['training, s', ({ manifest }) => figure(Number(manifest.training.seconds.toPrecision(3)))],
    ['best epoch', ({ manifest: { training } }) => `${training.bestEpoch} of ${training.epochs}`],
    ...names.map(
      (name) =>
        [metricName(name), ({ manifest }: ComparedModel) => figure(manifest.metrics[name] ?? null)] as const,
    ),
  ];
  const heads = models.map(({ label }) => html`<th scope="col">${label}</th>`);
  const rows = facts.map(
    ([name, of]) =>
      html`<tr><th scope="row">${name}</th>${models.map((model) => html`<td>${of(model)}</td>`)}</tr>`,
  );
  return html`<p class="note">Metrics of each model on its own test rows, in its own units.</p>
${scrollable('figures of the manifests', html`<table class="tight"><thead><tr><td></td>${heads}</tr></thead><tbody>${rows}</tbody></table>`)}`;
}

function graphBytes(graphs: ComparedModel['manifest']['graphs']): number {
  return Object.values(graphs).reduce((sum, graph) => sum + (graph?.bytes ?? 0), 0);
}
