/** Returns the keys of the objects that retraining keeps next to the versions of a model; Workers read none of them. */
export const retrainKeys = (model: string) => ({
  lock: `${model}/retrain/lock.json`,
  clock: `${model}/retrain/clock`,
  journal: `${model}/retrain/journal.jsonl`,
});
