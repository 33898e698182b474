/** Bounds of experiments, resolved with the figures last measured. */
import { type Experiment, limitOf } from './experiment.ts';
import { PYTORCH_RESULTS, RESULTS, readRecords, recordOf } from './records.ts';
import { EXPERIMENTS, type ExperimentName } from './registry.ts';

/** Returns the bound of an experiment; undefined if it depends on a figure that has not been measured. */
export function measuredLimit(name: ExperimentName): number | undefined {
  const figure = (path: string, of: ExperimentName) =>
    recordOf(readRecords(path), of, EXPERIMENTS[of])?.figure;
  const experiment: Experiment = EXPERIMENTS[name];
  return limitOf(experiment, {
    pytorch: figure(PYTORCH_RESULTS, name),
    ofExperiment: (other) => figure(RESULTS, other as ExperimentName),
  });
}
