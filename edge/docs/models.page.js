/** Requests that fit a model. */

/** @typedef {import('../../shared/api.ts').ModelDescription} ModelDescription */
/** @typedef {import('../../shared/protocol.ts').ModelMetadata} ModelMetadata */

/**
 * Returns a request body for one model: the example of the document, with rows, codes, labels and items of
 * the model.
 *
 * @param {object} example
 * @param {readonly string[]} taken Members that a body may have.
 * @param {ModelDescription} model
 * @param {ModelMetadata} [graph] Whose inputs to fill: of the inference protocol, or of an operation on parts of rows.
 */
export function exampleFor(example, taken, { features, codeSize, condition }, graph) {
  const whole = Array.from({ length: features.count }, (_, i) => {
    const column = features.columns?.[i];
    if (column?.type === 'category') return column.categories?.[0] ?? null;
    return Number((features.statistics.mean[i] ?? 0).toPrecision(3));
  });
  const width = graph?.inputs.length === 1 ? graph.inputs[0]?.shape[1] : undefined;
  const row = taken.includes('inputs') || width === undefined ? whole : whole.slice(0, width);
  const items = features.names ?? ['0', '1', '2'];
  const label = condition && (condition.labels?.[0] ?? 0);
  /** @type {Record<string, (given: any) => unknown>} */
  const fitting = {
    rows: (given) => given.map(() => row),
    codes: (given) => given.map((/** @type {number[]} */ [first]) => new Array(codeSize).fill(first)),
    items: (given) => items.slice(0, given.length),
    item: () => items[0],
    // Models of earlier releases take no filter.
    deny: () => [],
    inputs: (given) => graph?.inputs.map((input) => inputFor(input, features.names, whole)) ?? given,
  };
  const fitted = Object.entries(example).map(([name, given]) => [name, fitting[name]?.(given) ?? given]);
  return {
    ...Object.fromEntries(fitted),
    ...(label !== undefined && taken.includes('label') && { label }),
    ...(label !== undefined && taken.includes('labels') && { labels: [label] }),
  };
}

/**
 * Returns an input for one row: the values of an example row if it takes rows, otherwise one of its columns.
 *
 * @param {ModelMetadata['inputs'][number]} input
 * @param {readonly string[] | null} names
 * @param {readonly unknown[]} row
 */
function inputFor({ name, datatype, shape }, names, row) {
  const fixed = shape.map((size) => (size === -1 ? 1 : size));
  const count = fixed.reduce((product, size) => product * size, 1);
  const column = names?.indexOf(name) ?? -1;
  const values = count === 1 && column >= 0 ? [row[column]] : row.slice(0, count);
  const empty = datatype === 'BYTES' ? '' : name === 'k' ? 1 : 0;
  const type = datatype === 'BYTES' ? 'string' : 'number';
  const fits =
    /^(FP|BYTES)/.test(datatype) &&
    values.length === count &&
    values.every((value) => typeof value === type) &&
    name !== 'code' &&
    name !== 'condition';
  return { name, datatype, shape: fixed, data: fits ? values : new Array(count).fill(empty) };
}
