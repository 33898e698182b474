/** Curves of a loss over the epochs, on training and validation rows. */
import type { Losses } from '../engines/engine.ts';
import type { Epoch } from '../fitting/fit.ts';
import { chart, markedLine } from './charts.ts';
import type { Html } from './html.ts';
import { legend } from './legend.ts';
import { COLOURS } from './theme.ts';

const SERIES = [
  { name: 'training', part: 'train', colour: COLOURS.accent.light },
  { name: 'validation', part: 'validation', colour: COLOURS.second.light },
] as const;

/** Most epochs that a chart of this width can resolve. */
const MAX_EPOCHS = 400;
/** Below this number of epochs, points are drawn too. */
const POINTS_BELOW = 20;
/** Ratio of the largest to the smallest loss above which the axis is logarithmic. */
const LOGARITHMIC_FROM = 10;

export const LEARNING_LEGEND = legend(SERIES);

export interface LearningCurves {
  readonly history: readonly Epoch[];
  /** Epoch to mark. */
  readonly best: number;
  readonly loss: keyof Losses;
}

export function learningCurves(description: string, { history, best, loss }: LearningCurves): Promise<Html> {
  const every = Math.ceil(history.length / MAX_EPOCHS);
  const shown = history.filter(({ epoch }) => epoch % every === 0 || epoch === best || epoch === 1);
  const values = shown.flatMap((epoch) =>
    SERIES.map(({ name, part }) => ({ x: epoch.epoch, name, loss: epoch[part][loss] })),
  );
  const losses = values.map((value) => value.loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const isLogarithmic = low > 0 && high / low > LOGARITHMIC_FROM;
  const side = best > history.length / 2 ? 'left' : 'right';
  return chart(description, {
    layer: [
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2, point: history.length < POINTS_BELOW ? { size: 25 } : false },
        encoding: {
          x: {
            field: 'x',
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
            field: 'name',
            type: 'nominal',
            legend: null,
            scale: { domain: SERIES.map(({ name }) => name), range: SERIES.map(({ colour }) => colour) },
          },
        },
      },
      ...markedLine(best, `best: ${best}`, side, COLOURS.muted.light),
    ],
  });
}
