/** The page: a list of routes, each with its reference and a form to try it. */
import { element, prose } from './dom.page.js';
import { description, routesOf } from './reference.page.js';
import { createService } from './service.page.js';
import { tryForm } from './try.page.js';

/** @typedef {import('./reference.page.js').OpenApiDocument} OpenApiDocument */

/**
 * @param {string} selector
 * @returns {HTMLElement}
 */
const one = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

/** @returns {Promise<OpenApiDocument>} */
async function readDocument() {
  const response = await fetch('openapi.json');
  if (!response.ok) throw new Error(`GET openapi.json: ${response.status} ${response.statusText}`);
  return response.json();
}

/**
 * A path that is broken between its parts, not within one.
 *
 * @param {string} path
 */
const breakable = (path) => path.split(/(?=\/)/).flatMap((part) => [element('wbr', {}), part]);

/**
 * The fragment of a group of routes; routes have their ids.
 *
 * @param {string} group
 */
const sectionOf = (group) => `routes-${group}`;

async function showPage() {
  const key = /** @type {HTMLInputElement} */ (one('#key'));
  // The key goes with the requests of this page, never into its address.
  key.form?.addEventListener('submit', (event) => event.preventDefault());
  const models = /** @type {HTMLDataListElement} */ (one('#models'));
  const [api, service] = await Promise.all([readDocument(), createService(key, models)]);
  const groups = api.tags.map(({ name, description: text }) => ({
    ...{ name, text },
    routes: routesOf(api).filter(({ operation }) => operation.tags.includes(name)),
  }));
  one('#version').textContent = api.info.version;
  one('nav').replaceChildren(
    ...groups.flatMap(({ name, routes }) => [
      element('h2', {}, element('a', { href: `#${sectionOf(name)}` }, name)),
      element(
        'ul',
        {},
        ...routes.map(({ method, path, operation: { operationId: id } }) =>
          element('li', {}, element('a', { href: `#${id}` }, `${method} `, ...breakable(path))),
        ),
      ),
    ]),
  );
  one('main').replaceChildren(
    ...api.info.description.split('\n\n').map((paragraph) => element('p', {}, ...prose(paragraph))),
    ...groups.flatMap(({ name, text, routes }) => [
      element('h2', { id: sectionOf(name) }, name),
      element('p', {}, ...prose(text)),
      ...routes.map((route) => routeDetails(api, route, service)),
    ]),
  );
  openLinked();
  addEventListener('hashchange', openLinked);
}

/**
 * @param {OpenApiDocument} api
 * @param {import('./reference.page.js').Route} route
 * @param {import('./service.page.js').Service} service
 */
function routeDetails(api, route, service) {
  const { method, path, operation } = route;
  const summary = element(
    'summary',
    {},
    element('span', { className: `method ${method.toLowerCase()}` }, method),
    element('code', {}, path),
    element('span', { className: 'what' }, ...prose(operation.summary)),
  );
  const details = element('details', { id: operation.operationId, className: 'route' }, summary);
  const open = () => {
    const text = element('div', {}, ...description(api, route));
    details.append(element('div', { className: 'sides' }, text, tryForm(api, route, service)));
  };
  // Filled when opened: there are many routes, each with a form.
  details.addEventListener('toggle', open, { once: true });
  return details;
}

/** Opens the route, or goes to the group of routes, in the fragment of the URL. */
function openLinked() {
  const linked = document.getElementById(location.hash.slice(1));
  if (linked instanceof HTMLDetailsElement) linked.open = true;
  linked?.scrollIntoView();
}

showPage().catch((error) => {
  one('main').replaceChildren(element('p', { role: 'alert', className: 'bad' }, `${error}`));
});
