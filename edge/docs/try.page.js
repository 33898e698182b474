/** The form to try a route. */
import { choice, element, labelled } from './dom.page.js';
import { exampleFor } from './models.page.js';
import { shown } from './reference.page.js';
import { curl, requestOf, send } from './request.page.js';
import { resolved } from './schema.page.js';

/** @typedef {import('./reference.page.js').OpenApiDocument} OpenApiDocument */
/** @typedef {import('./reference.page.js').Route} Route */
/** @typedef {import('./service.page.js').Service} Service */

/**
 * @param {OpenApiDocument} document
 * @param {Route} route
 * @param {Service} service
 */
export function tryForm(document, route, service) {
  const { operation } = route;
  const answer = element('output', {});
  const command = element('pre', { tabIndex: 0 });
  const form = element(
    'form',
    {},
    element('h3', {}, 'Try it'),
    ...operation.parameters.map((parameter) => parameterField(parameter)),
    ...bodyFields(operation),
    ...acceptField(operation),
    element('button', {}, 'Send'),
    element('details', {}, element('summary', {}, 'As a command'), command),
    answer,
  );
  const showCommand = () => command.replaceChildren(curl(requestOf(route, form, service.key())));
  form.addEventListener('input', showCommand);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    answer.replaceChildren('Waiting for the answer');
    await fitting();
    answer.replaceChildren(...(await send(requestOf(route, form, service.key()))));
  });
  const fitting = fitToModels(document, route, form, service);
  showCommand();
  return form;
}

/** @param {import('../openapi/paths.ts').Parameter} parameter */
function parameterField({ name, in: place, required, schema }) {
  const field = `${place} ${name}`;
  const choices = schema.enum?.map(String);
  if (choices) return labelled(name, choice(required ? choices : ['', ...choices], field));
  const input = element('input', { name: field, required, spellcheck: false, autocomplete: 'off' });
  if (name === 'model') input.setAttribute('list', 'models');
  return labelled(name, input);
}

/**
 * Creates the fields of the body: text for JSON, a file for bytes.
 *
 * @param {Route['operation']} operation
 */
function bodyFields({ requestBody }) {
  if (!requestBody) return [];
  const type = choice(Object.keys(requestBody.content), 'type');
  const value = shown(requestBody.content['application/json']?.example ?? {});
  const text = labelled('Body', element('textarea', { name: 'body', rows: 6, spellcheck: false, value }));
  const file = labelled('Body', element('input', { type: 'file', name: 'file' }));
  const show = () => {
    text.hidden = type.value !== 'application/json';
    file.hidden = !text.hidden;
  };
  type.addEventListener('change', show);
  show();
  return [labelled('Content-Type', type), text, file];
}

/** @param {Route['operation']} operation */
function acceptField({ responses }) {
  const types = Object.keys(responses[200]?.content ?? {});
  return types.length < 2 ? [] : [labelled('Accept', choice(types, 'accept'))];
}

/**
 * Selects a model, and replaces the example body by one that fits the selected model, until the reader edits
 * it.
 *
 * @param {OpenApiDocument} document
 * @param {Route} route
 * @param {HTMLFormElement} form
 * @param {Service} service
 * @returns {() => Promise<void>} Resolves when the body fits.
 */
function fitToModels(document, { path, operation: { operationId, requestBody } }, form, service) {
  let fitted = Promise.resolve();
  const model = form.elements.namedItem('path model');
  if (!(model instanceof HTMLInputElement)) return () => fitted;
  const isProtocol = path.startsWith('/v2/');
  model.value = service.modelFor(operationId, !isProtocol && requestBody !== undefined);
  const version = form.elements.namedItem('path version');
  if (version instanceof HTMLInputElement) version.value = service.versionOf(model.value);
  const body = form.elements.namedItem('body');
  if (!(body instanceof HTMLTextAreaElement)) return () => fitted;
  const { example, schema } = requestBody?.content['application/json'] ?? {};
  const taken = Object.keys(resolved(document, schema ?? {}).properties ?? {});
  let written = false;
  body.addEventListener('input', () => {
    written = true;
  });
  /**
   * @param {string} reference
   * @returns {Promise<[import('./models.page.js').ModelDescription, import('./models.page.js').ModelMetadata?]>}
   */
  const describe = async (reference) => {
    const [name = '', graph] = isProtocol ? reference.split('.') : [reference];
    const own = await service.describe(name);
    if (isProtocol) return [own, await service.graph(graph === undefined ? name : `${name}.${graph}`)];
    if (operationId !== 'forecast') return [own];
    return [own, await service.graph(`${own.name}.forecast/versions/${own.version}`)];
  };
  const fit = async () => {
    const { value } = model;
    // An unknown or incomplete name changes nothing; sending reports it.
    const described = value === '' ? undefined : await describe(value).catch(() => undefined);
    if (written || !described || model.value !== value) return;
    body.value = shown(exampleFor(/** @type {object} */ (example), taken, ...described));
    form.dispatchEvent(new Event('input'));
  };
  const begin = () => {
    fitted = fit();
  };
  model.addEventListener('change', begin);
  begin();
  return () => fitted;
}
