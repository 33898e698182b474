/**
 * The state of the page in the fragment of its address, `#/digits/draw?pixels=...`, which browsers do not send: what
 * somebody draws or types is in no log.
 */
import { useEffect, useState } from 'preact/hooks';

export interface Place {
  /** A model, as `name` or `name@version`; empty in the gallery. */
  readonly model: string;
  /** A panel; empty for the first that fits the model. */
  readonly panel: string;
}

/** Longer values are left out: browsers cut addresses. */
const LONGEST = 12_000;

let parameters = new URLSearchParams();

function readPlace(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  parameters = new URLSearchParams(query);
  const [model = '', panel = ''] = path.split('/').map(decodeURIComponent);
  return { model, panel };
}

/** Returns the address of a place, for links; with `state` of its panel. */
export function hashOf({ model, panel }: Place, state: Readonly<Record<string, string>> = {}): string {
  const path = [model, panel].filter((part) => part !== '').map(encodeURIComponent);
  const query = `${new URLSearchParams(state)}`;
  return `#/${path.join('/')}${query === '' ? '' : `?${query}`}`;
}

/** Returns where the page is, and a number that changes when the reader goes elsewhere, also within a place. */
export function usePlace(): Place & { readonly visit: number } {
  const [state, setState] = useState(() => ({ ...readPlace(), visit: 0 }));
  useEffect(() => {
    const moved = () => setState(({ visit }) => ({ ...readPlace(), visit: visit + 1 }));
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return state;
}

/** How a value is written in the address; `read` returns undefined for text that cannot be read. */
export interface Form<Value> {
  readonly read: (text: string) => Value | undefined;
  readonly write: (value: Value) => string;
}

/** `useState` that survives in the address under `name`. An initial value is not written. */
export function useRemembered<Value>(
  name: string,
  form: Form<Value>,
  initial: Value,
): [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => {
    const text = parameters.get(name);
    return (text === null ? undefined : form.read(text)) ?? initial;
  });
  const change = (next: Value) => {
    setValue(() => next);
    const text = form.write(next);
    if (text === '' || text.length > LONGEST) parameters.delete(name);
    else parameters.set(name, text);
    rewriteSoon();
  };
  return [value, change];
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Browsers limit how often an address may change; dragging would change it at every frame. */
function rewriteSoon(): void {
  clearTimeout(timer);
  const [path] = location.hash.split('?', 1);
  timer = setTimeout(() => {
    // The reader may have gone elsewhere.
    if (location.hash.split('?', 1)[0] !== path) return;
    const query = `${parameters}`;
    history.replaceState(null, '', `${path || '#/'}${query === '' ? '' : `?${query}`}`);
  }, 150);
}

export const TEXT: Form<string> = { read: (text) => text, write: (text) => text };

export const NUMBER: Form<number> = {
  read: (text) => (Number.isFinite(Number(text)) ? Number(text) : undefined),
  write: (value) => `${value}`,
};

/** Numbers, to six digits. */
export const NUMBERS: Form<readonly number[] | null> = {
  read: (text) => {
    const values = text.split('_').map(Number);
    return values.every(Number.isFinite) ? values : undefined;
  },
  write: (values) => values?.map((value) => `${Number(value.toPrecision(6))}`).join('_') ?? '',
};

/** Shares in [0, 1], to one part in 255, as bytes in base64url. */
export const SHARES: Form<readonly number[] | null> = {
  read: (text) => {
    try {
      const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
      return Array.from(bytes, (byte) => byte.charCodeAt(0) / 255);
    } catch {
      return undefined;
    }
  },
  write: (shares) => {
    if (shares === null) return '';
    const text = btoa(String.fromCharCode(...shares.map((share) => Math.round(255 * share))));
    return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  },
};

export const JSON_TEXT: Form<Readonly<Record<string, unknown>>> = {
  read: (text) => {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : undefined;
    } catch {
      return undefined;
    }
  },
  write: (value) => (Object.keys(value).length === 0 ? '' : JSON.stringify(value)),
};
