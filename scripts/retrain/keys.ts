/** True for keys of the models and their aliases, which Workers read. */
export const isServed = (key: string): boolean => !key.includes('/retrain/');

/** Keys of the objects of retrain runs, next to the versions of the model. Workers do not read them. */
export const retrainKeys = (model: string) => ({
  lock: `${model}/retrain/lock.json`,
  /** A new object for each look at the store's clock: a store may limit writes to one key. */
  clock: (id: string) => `${model}/retrain/clock/${id}`,
  /** Profiles of versions of the last weeks, which data is compared with whatever was deleted since. */
  references: `${model}/retrain/references.json`,
  /** Prefix of the entries. */
  journal: `${model}/retrain/journal/`,
});
