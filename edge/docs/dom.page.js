/**
 * Creates an element with properties and children; strings become text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<Record<string, unknown>>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * Converts text to nodes; parts in backticks become code.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function prose(text) {
  return text.split('`').map((part, i) => (i % 2 === 0 ? part : element('code', {}, part)));
}

/**
 * Creates a table with a head.
 *
 * @param {string} caption
 * @param {readonly string[]} head
 * @param {readonly (readonly (Node | string)[][])[]} rows The content of every cell.
 */
export function table(caption, head, rows) {
  const names = head.map((name) => element('th', { scope: 'col' }, name));
  const lines = rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, ...cell))));
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...names)),
    element('tbody', {}, ...lines),
  );
}

/**
 * Creates a form field with its label.
 *
 * @param {string} label
 * @param {HTMLElement} field
 */
export function labelled(label, field) {
  return element('label', {}, element('span', {}, label), field);
}

/**
 * Creates a select field.
 *
 * @param {readonly string[]} options
 * @param {string} name
 */
export function choice(options, name) {
  return element('select', { name }, ...options.map((value) => element('option', { value }, value)));
}
