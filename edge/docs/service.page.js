/** The API of this page: its models, and the API key of the reader. */
import { element } from './dom.page.js';

/** @typedef {import('../../shared/api.ts').ModelDescription} ModelDescription */
/** @typedef {import('../../shared/api.ts').ModelSummary} ModelSummary */
/** @typedef {import('../../shared/protocol.ts').ModelMetadata} ModelMetadata */

/**
 * @typedef {object} Service
 * @property {() => string} key The API key; it is stored only in its field.
 * @property {(route: string, isOperation: boolean) => string} modelFor A model that has the route, which only some have if it
 * is an operation; empty if none is known.
 * @property {(model: string) => string} versionOf The version of a model that is listed first; empty if none is known.
 * @property {(model: string) => Promise<ModelDescription>} describe Rejects for an unknown model.
 * @property {(path: string) => Promise<ModelMetadata>} graph Describes the graph at a path below `/v2/models`.
 */

/**
 * @param {HTMLInputElement} keyField
 * @param {HTMLDataListElement} names Filled with the names of the models.
 * @returns {Promise<Service>}
 */
export async function createService(keyField, names) {
  /** @type {readonly ModelSummary[]} */
  let models = [];
  const get = async (/** @type {string} */ path) => {
    const { value } = keyField;
    const response = await fetch(path, { headers: value === '' ? {} : { 'X-API-Key': value } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${response.statusText}`);
    return response.json();
  };
  const list = async () => {
    // Without a valid key there are no suggestions, but names can still be typed.
    ({ models } = await get('v1/models').catch(() => ({ models: [] })));
    const distinct = new Set(models.map(({ name }) => name));
    names.replaceChildren(...[...distinct].map((value) => element('option', { value })));
  };
  keyField.addEventListener('change', list);
  await list();
  return {
    key: () => keyField.value,
    modelFor: (operation, isOperation) => {
      const offering = models.find(({ operations }) => operations.some((name) => name === operation));
      // Every model has the routes that are not operations.
      return (offering ?? (isOperation ? undefined : models[0]))?.name ?? '';
    },
    versionOf: (model) => models.find(({ name }) => name === model)?.version ?? '',
    graph: (path) => get(`v2/models/${path}`),
    describe: (model) => get(`v1/models/${encodeURIComponent(model)}`),
  };
}
