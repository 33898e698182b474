/** Keys of the objects of retrain runs, next to the versions of the model. Workers do not read them. */
export const retrainKeys = (model: string) => ({
  lock: `${model}/retrain/lock.json`,
  clock: `${model}/retrain/clock`,
  journal: `${model}/retrain/journal.jsonl`,
});
