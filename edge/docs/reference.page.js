/** The reference: parameters, bodies and errors of every route. */
import { element, prose, table } from './dom.page.js';
import { members, resolved, typeText } from './schema.page.js';

/** @typedef {import('../openapi/document.ts').OpenApiDocument} OpenApiDocument */
/** @typedef {import('../openapi/paths.ts').OpenApiOperation} OpenApiOperation */
/** @typedef {import('../openapi/schema.ts').JsonSchema} JsonSchema */
/** @typedef {{ method: string, path: string, operation: OpenApiOperation }} Route */

/**
 * Returns every route of the document, in its order.
 *
 * @param {OpenApiDocument} document
 * @returns {Route[]}
 */
export function routesOf({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/**
 * Renders parameters, bodies and errors of a route.
 *
 * @param {OpenApiDocument} document
 * @param {Route} route
 * @returns {Node[]}
 */
export function description(document, { operation }) {
  const { parameters, requestBody, responses, security } = operation;
  const scope = security[0]?.bearer?.[0];
  return [
    ...(scope === undefined
      ? []
      : [
          element('p', { className: 'note' }, `Needs a key with the scope ${scope}, if keys are configured.`),
        ]),
    ...(parameters.length === 0 ? [] : [parametersTable(parameters)]),
    ...(requestBody ? bodies(document, 'Request', requestBody.content) : []),
    ...Object.entries(responses).flatMap(([status, answer]) =>
      Number(status) < 400 ? bodies(document, `Answer ${status}`, answer.content) : [],
    ),
    problems(responses),
  ];
}

/** @param {OpenApiOperation['parameters']} parameters */
function parametersTable(parameters) {
  const rows = parameters.map(({ name, in: place, required, description, schema }) => [
    [element('code', {}, required ? name : `${name}?`)],
    [`${place}, ${typeText(schema)}`],
    prose(description),
  ]);
  return table('Parameters', ['name', 'type', 'description'], rows);
}

/**
 * @param {OpenApiDocument} document
 * @param {string} name
 * @param {NonNullable<OpenApiOperation['requestBody']>['content']} contents
 * @returns {Node[]}
 */
function bodies(document, name, contents) {
  return Object.entries(contents).flatMap(([type, { schema, example }]) => {
    const whole = resolved(document, schema);
    const rows = members(whole).map((member) => [
      [element('code', {}, member.name)],
      [member.type],
      prose(member.description),
    ]);
    const text = whole.description ?? (rows.length === 0 ? typeText(whole) : '');
    return [
      element('h3', {}, `${name}, `, element('code', {}, type)),
      ...(text === '' ? [] : [element('p', {}, ...prose(text))]),
      ...(rows.length === 0 ? [] : [table('Members', ['name', 'type', 'description'], rows)]),
      ...(example === undefined ? [] : [element('pre', { tabIndex: 0 }, shown(example))]),
    ];
  });
}

/** @param {OpenApiOperation['responses']} responses */
function problems(responses) {
  const rows = Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .map(([status, { description }]) => [[status], [list(description)]]);
  return element(
    'details',
    {},
    element('summary', {}, 'Errors'),
    table('Errors', ['status', 'problems'], rows),
  );
}

/**
 * Renders lines that begin with `- ` as a list, with links to the explanations of problems.
 *
 * @param {string} text
 */
function list(text) {
  const items = text.split('\n').map((line) => {
    const [, slug, title] = /^- `([\w-]+)`: (.*)$/.exec(line) ?? [];
    if (slug === undefined) return element('li', {}, ...prose(line));
    return element('li', {}, element('a', { href: `problems/${slug}` }, slug), `: ${title}`);
  });
  return element('ul', {}, ...items);
}

/**
 * Formats JSON, with each array of plain values on one line. No string can look like such an array, as its
 * line breaks are escaped.
 *
 * @param {unknown} value
 */
export function shown(value) {
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, null, 2).replace(/\[\n[^[\]{}]*?\n\s*\]/g, (text) =>
        text.replace(/\n\s*/g, ' ').replace('[ ', '[').replace(/ \]$/, ']'),
      );
}
