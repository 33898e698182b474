import { type ModelGate, TRAINING } from './gate.ts';

/** The least that training must achieve, for first versions, too. */
export const untrained: ModelGate = {
  summary: 'better than the same network without training: by mse, or by ndcg@100 for recommenders',
  ...TRAINING,
  judge: ({ challenger: { metrics, baselines } }) => {
    const other = baselines.untrained;
    const [own, gain] = [metrics.mse, metrics['ndcg@100']];
    if (gain !== undefined && other?.['ndcg@100'] !== undefined) {
      return compared('ndcg@100', gain, other['ndcg@100'], gain > other['ndcg@100']);
    }
    if (own === undefined || other?.mse === undefined) return undefined;
    return compared('mse', own, other.mse, own < other.mse);
  },
};

function compared(metric: string, own: number, other: number, passed: boolean) {
  const figures = `${metric} ${own.toPrecision(4)}, untrained ${other.toPrecision(4)}`;
  return { passed, figures, figure: own, threshold: other };
}
