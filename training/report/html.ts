/** HTML templates that escape everything that comes from data. */

/** Markup that needs no escaping. */
export interface Html {
  readonly markup: string;
}

type HtmlPart = string | number | Html | undefined | readonly HtmlPart[];

/** Template tag that escapes values unless they are `Html`; lists are joined, and undefined is empty. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { markup: strings.reduce((text, string, i) => text + render(parts[i - 1]) + string) };
}

/** Marks a string as trusted markup, for instance an SVG from a library. */
export function raw(markup: string): Html {
  return { markup };
}

/** JSON for a script element: no value in it can end the element. */
export function scriptJson(value: unknown): Html {
  return raw(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(part: HtmlPart): string {
  if (part === undefined) return '';
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(render).join('');
  return escaped(String(part));
}
