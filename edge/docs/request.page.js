/** Requests made from a form, and their answers. */
import { element } from './dom.page.js';
import { shown } from './reference.page.js';

/** Number of float32 values of an answer to show. */
const VALUES = 100;

/** @typedef {{ url: URL, init: RequestInit & { headers: Record<string, string> } }} Sending */

/**
 * Builds the request from a form, whose fields have the names of parameters.
 *
 * @param {import('./reference.page.js').Route} route
 * @param {HTMLFormElement} form
 * @param {string} key
 * @returns {Sending}
 */
export function requestOf({ method, path, operation }, form, key) {
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? '');
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(text(`path ${name}`)));
  // The page is at `docs`, next to the other paths, at whatever path the API is mounted.
  const url = new URL(`.${filled}`, location.href);
  /** @type {Record<string, string>} */
  const headers = key === '' ? {} : { 'X-API-Key': key };
  for (const { name, in: place } of operation.parameters) {
    const value = text(`${place} ${name}`);
    if (value === '') continue;
    if (place === 'query') url.searchParams.set(name, value);
    if (place === 'header') headers[name] = value;
  }
  if (data.has('accept')) headers.Accept = text('accept');
  if (!data.has('type')) return { url, init: { method, headers } };
  const type = text('type');
  const body = type === 'application/json' ? text('body') : /** @type {File} */ (data.get('file'));
  return { url, init: { method, headers: { ...headers, 'Content-Type': type }, body } };
}

/**
 * Formats a request as a curl command, with a placeholder for the key.
 *
 * @param {Sending} sending
 */
export function curl({ url, init: { method, headers, body } }) {
  const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
  const fields = Object.entries(headers).map(([name, value]) =>
    quoted(`${name}: ${name === 'X-API-Key' ? '<key>' : value}`),
  );
  const data = typeof body === 'string' ? quoted(body) : '@file';
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(url.href)}`,
    ...fields.map((field) => `-H ${field}`),
    ...(body === undefined ? [] : [`--data-binary ${data}`]),
  ].join(' \\\n  ');
}

/**
 * Sends a request, and renders its answer.
 *
 * @param {Sending} sending
 * @returns {Promise<Node[]>}
 */
export async function send({ url, init }) {
  const start = performance.now();
  try {
    const response = await fetch(url, init);
    const bytes = await response.arrayBuffer();
    const milliseconds = (performance.now() - start).toFixed(0);
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    const outcome = response.ok ? 'good' : 'bad';
    return [
      element('p', { className: outcome }, `${response.status} ${response.statusText}, ${milliseconds} ms`),
      element('pre', { className: 'headers', tabIndex: 0 }, headers),
      element('pre', { className: 'body', tabIndex: 0 }, bodyText(response.headers, bytes)),
    ];
  } catch (error) {
    return [element('p', { className: 'bad' }, `No answer: ${error}`)];
  }
}

/**
 * @param {Headers} headers
 * @param {ArrayBuffer} bytes
 * @returns {string}
 */
function bodyText(headers, bytes) {
  const type = headers.get('Content-Type') ?? '';
  const jsonLength = headers.get('Inference-Header-Content-Length');
  if (jsonLength !== null) {
    const [json, outputs] = [bytes.slice(0, Number(jsonLength)), bytes.slice(Number(jsonLength))];
    return `${shown(JSON.parse(new TextDecoder().decode(json)))}\n${outputs.byteLength} bytes of outputs follow`;
  }
  if (type === 'application/octet-stream') {
    const values = new Float32Array(bytes);
    const more = values.length > VALUES ? ', ...' : '';
    return `${values.length} float32 values: ${[...values.slice(0, VALUES)].join(', ')}${more}`;
  }
  const text = new TextDecoder().decode(bytes);
  return /[/+]json$/.test(type) ? shown(JSON.parse(text)) : text;
}
