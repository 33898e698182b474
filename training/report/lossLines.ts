/** Lines of a loss over the epochs. */
import type { Field } from 'vega-lite/types_unstable/channeldef.js';
import type { LayerSpec } from 'vega-lite/types_unstable/spec/layer.js';
import type { Epoch } from '../fitting/fit.ts';
import type { LegendEntry } from './legend.ts';

/** Most epochs that a chart of this width can resolve. */
const MOST_EPOCHS = 400;
/** Ratio of the largest to the smallest loss above which the axis is logarithmic. */
const LOGARITHMIC_FROM = 10;

export interface LossPoint {
  readonly epoch: number;
  readonly loss: number;
  /** That of the line that it belongs to. */
  readonly name: string;
}

/** Returns the epochs that a chart shows: as many as it can resolve, the first and the one at `best` among them. */
export function shownEpochs(history: readonly Epoch[], best?: number): Epoch[] {
  const every = Math.ceil(history.length / MOST_EPOCHS);
  return history.filter(({ epoch }) => epoch % every === 0 || epoch === best || epoch === 1);
}

/** Draws a line for each series. `pointed` marks each point, which is of use for few. */
export function lossLines(
  values: readonly LossPoint[],
  series: readonly LegendEntry[],
  pointed: boolean,
): LayerSpec<Field>['layer'][number] & { mark: object } {
  const losses = values.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const isLogarithmic = low > 0 && high / low > LOGARITHMIC_FROM;
  return {
    data: { values: [...values] },
    mark: { type: 'line', strokeWidth: 2, point: pointed ? { size: 25 } : false },
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
        field: 'name',
        type: 'nominal',
        legend: null,
        scale: { domain: series.map(({ name }) => name), range: series.map(({ colour }) => colour) },
      },
    },
  };
}
