/** A loss over the epochs, on the training and on the validation rows. */
import type { Losses } from '../engines/engine.ts';
import type { Epoch } from '../trainer.ts';
import { chart } from './charts.ts';
import type { Html } from './html.ts';
import { legend } from './legend.ts';
import { COLOURS } from './theme.ts';

const SERIES = [
  { name: 'training', part: 'train', colour: COLOURS.accent.light },
  { name: 'validation', part: 'validation', colour: COLOURS.second.light },
] as const;

/** Epochs that a chart of this width can show apart. */
const MAX_EPOCHS = 400;
/** Ratio of the largest to the smallest loss from which on a logarithmic axis shows more. */
const LOGARITHMIC_FROM = 10;

export const LEARNING_LEGEND = legend(SERIES);

export interface LearningCurves {
  readonly history: readonly Epoch[];
  /** The epoch to mark. */
  readonly best: number;
  readonly loss: keyof Losses;
}

export function learningCurves(description: string, { history, best, loss }: LearningCurves): Promise<Html> {
  const every = Math.ceil(history.length / MAX_EPOCHS);
  const shown = history.filter(({ epoch }) => epoch % every === 0 || epoch === best || epoch === 1);
  const values = shown.flatMap((epoch) =>
    SERIES.map(({ name, part }) => ({ epoch: epoch.epoch, name, loss: epoch[part][loss] })),
  );
  const losses = values.map((value) => value.loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const type = low > 0 && high / low > LOGARITHMIC_FROM ? 'log' : 'linear';
  const isLate = best > history.length / 2;
  const marked = { datum: best, type: 'quantitative' } as const;
  return chart(description, {
    layer: [
      {
        mark: { type: 'rule', strokeDash: [4, 3], color: COLOURS.muted.light },
        encoding: { x: marked },
      },
      {
        mark: {
          type: 'text',
          text: `best: ${best}`,
          align: isLate ? 'right' : 'left',
          dx: isLate ? -5 : 5,
          baseline: 'top',
          y: 0,
          color: COLOURS.muted.light,
        },
        encoding: { x: marked },
      },
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2, point: history.length < 20 ? { size: 25 } : false },
        encoding: {
          x: {
            field: 'epoch',
            type: 'quantitative',
            title: 'epoch',
            axis: { tickMinStep: 1, grid: false, format: 'd' },
          },
          y: { field: 'loss', type: 'quantitative', title: null, scale: { type, zero: false, nice: true } },
          color: {
            field: 'name',
            type: 'nominal',
            legend: null,
            scale: { domain: SERIES.map(({ name }) => name), range: SERIES.map(({ colour }) => colour) },
          },
        },
      },
    ],
  });
}
