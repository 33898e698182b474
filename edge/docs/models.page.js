/** Requests that fit a model. */

/** @typedef {import('../../shared/api.ts').ModelDescription} ModelDescription */

/**
 * Returns a request body for one model: the example of the document, with rows, codes, labels and items of
 * the model.
 *
 * @param {object} example
 * @param {readonly string[]} taken Members that a body may have.
 * @param {ModelDescription} model
 */
export function exampleFor(example, taken, { features, codeSize, condition }) {
  const row = Array.from({ length: features.count }, (_, i) => {
    const column = features.columns?.[i];
    if (column?.type === 'category') return column.categories?.[0] ?? null;
    return Number((features.statistics.mean[i] ?? 0).toPrecision(3));
  });
  const items = features.names ?? ['0', '1', '2'];
  const label = condition && (condition.labels?.[0] ?? 0);
  /** @type {Record<string, (given: any) => unknown>} */
  const fitting = {
    rows: (given) => given.map(() => row),
    codes: (given) => given.map((/** @type {number[]} */ [first]) => new Array(codeSize).fill(first)),
    items: (given) => items.slice(0, given.length),
    item: () => items[0],
    deny: () => items.slice(-1),
  };
  const fitted = Object.entries(example).map(([name, given]) => [name, fitting[name]?.(given) ?? given]);
  return {
    ...Object.fromEntries(fitted),
    ...(label !== undefined && taken.includes('label') && { label }),
    ...(label !== undefined && taken.includes('labels') && { labels: [label] }),
  };
}
