/** Curves of a loss over the epochs, on training and validation rows. */
import type { Losses } from '../engines/engine.ts';
import type { Epoch } from '../fitting/fit.ts';
import { chart, markedLine } from './charts.ts';
import { type Html, html } from './html.ts';
import { legend } from './legend.ts';
import { lossLines, shownEpochs } from './lossLines.ts';
import { COLOURS } from './theme.ts';

const SERIES = [
  { name: 'training', part: 'train', colour: COLOURS.accent.light },
  { name: 'validation', part: 'validation', colour: COLOURS.second.light },
] as const;

type Series = (typeof SERIES)[number];

/** Below this number of epochs, points are drawn too. */
const POINTS_BELOW = 20;
/** Ratio of the losses of the best epoch above which one of them would be a flat line on a shared axis. */
const APART_FROM = 3;
/** Height of each of two charts. */
const HALF_HEIGHT = 150;

export interface LearningCurves {
  readonly history: readonly Epoch[];
  /** Epoch to mark. */
  readonly best: number;
  readonly loss: keyof Losses;
  /** True if the two losses measure different things, so that only each curve's shape means something. */
  readonly differ?: boolean;
  /** The curves to draw; both by default. */
  readonly parts?: readonly Series['part'][];
}

/**
 * Draws both curves on one axis or, if they measure different things or differ in scale, each on its own.
 */
export async function learningCurves(
  description: string,
  { history, best, loss, differ = false, parts }: LearningCurves,
): Promise<Html> {
  const drawn = SERIES.filter(({ part }) => parts?.includes(part) ?? true);
  const shown = shownEpochs(history, best);
  const draw = (series: readonly Series[], height?: number) =>
    curvesOf(series, { description, shown, best, loss, of: history.length }, height);
  if (drawn.length === 1 || (!differ && !areApart(history[best - 1]!, loss)))
    return html`${legend(drawn)}${await draw(drawn)}`;
  const charts: Html[] = [];
  for (const series of drawn) charts.push(html`${legend([series])}${await draw([series], HALF_HEIGHT)}`);
  return html`<p class="note">Each loss has its own axis: the two differ in scale.</p>${charts}`;
}

function areApart({ train, validation }: Epoch, loss: keyof Losses): boolean {
  const [one, other] = [Math.abs(train[loss]), Math.abs(validation[loss])];
  return Math.max(one, other) > APART_FROM * Math.min(one, other);
}

interface Drawn extends Pick<LearningCurves, 'best' | 'loss'> {
  readonly description: string;
  readonly shown: readonly Epoch[];
  /** Number of epochs. */
  readonly of: number;
}

function curvesOf(
  series: readonly Series[],
  { description, shown, best, loss, of }: Drawn,
  height?: number,
): Promise<Html> {
  const values = shown.flatMap(({ epoch, ...parts }) =>
    series.map(({ name, part }) => ({ epoch, name, loss: parts[part][loss] })),
  );
  const curves = lossLines(values, series, of < POINTS_BELOW);
  const side = best > of / 2 ? 'left' : 'right';
  const marked = markedLine(best, `best: ${best}`, side, COLOURS.muted.light);
  return chart(description, { layer: [curves, ...marked] }, height);
}
