/** Where a run keeps what it needs, beside the versions of its model. Workers read none of it. */
export const keysOf = (model: string) => ({
  lock: `${model}/retrain/lock.json`,
  clock: `${model}/retrain/clock`,
  journal: `${model}/retrain/journal.jsonl`,
});
