/** The minified names in onnxruntime-web that freezing needs; they change with every release. */
import type { RuntimeLayout } from '../../edge/runtime/frozen/create.ts';
import { API, type ApiNames } from '../../edge/runtime/frozen/instance.ts';
import { InputError } from '../../shared/errors.ts';
import { isFunction, parseModule } from './wasm/module.ts';

export interface FreezableLayout extends RuntimeLayout {
  /** The export that runs static constructors. */
  readonly constructors: string;
  /** The import that reads the clock; undefined if the factory has none of the known form. */
  readonly clock?: string;
}

/** Matches `_OrtRun=c.sb`, and `_OrtRun=(a,b)=>(f._OrtRun=L.ya)(a,b)` in releases before 1.24. */
const EXPORT = /\b_(Ort\w+|malloc|free)=(?:(?:\([^()]*\)|\w+)=>\((?:\w+\.)?_\1=)?\w+\.([\w$]+)/g;
/** Matches `n?ua():I.Va()`: the main thread runs the static constructors, other threads start differently. */
const CONSTRUCTORS = /\?\w+\(\w*\):\w+\.([\w$]+)\(\)/g;
/** Matches `function Bb(a,b,d){... performance.timeOrigin+performance.now() ...}`, which reads the clock. */
const CLOCK = /\bfunction ([\w$]+)\([^()]*\)\{[^{}]*performance\.timeOrigin\+performance\.now\(\)/;

/**
 * Finds the names in the text of the factory, and checks each against the exports of the WebAssembly.
 * @throws {InputError} with the version and the missing name, if the layout is unknown.
 */
export function readLayout(version: string, factory: string, wasm: Uint8Array): FreezableLayout {
  const refuse = (what: string): never => {
    throw new InputError(
      `onnxruntime-web ${version} has an unknown layout: ${what}; use another version, or RUNTIME = "stock"`,
    );
  };
  const { exports, memory } = parseModule(wasm);
  const functions = new Set(exports.filter(isFunction).map(({ name }) => name));
  const found = new Map([...factory.matchAll(EXPORT)].map(([, name, minified]) => [name!, minified!]));
  const api = API.map((name) => {
    const minified = found.get(name) ?? refuse(`its factory does not name ${name}`);
    if (!functions.has(minified))
      refuse(`it calls ${name} '${minified}', which its WebAssembly does not export`);
    return [name, minified] as const;
  });
  const constructors = [...factory.matchAll(CONSTRUCTORS)].map(([, name]) => name!);
  const [first] = constructors;
  if (first === undefined || constructors.length > 1 || !functions.has(first)) {
    refuse(`expected one call of the static constructors, found ${constructors.join(', ') || 'none'}`);
  }
  const clock = clockOf(factory);
  return {
    ...{ memory, api: Object.fromEntries(api) as ApiNames, constructors: first! },
    ...(clock !== undefined && { clock }),
  };
}

/** Returns the name of the import in the factory's table of them, as in `Qa:Bb,`. */
function clockOf(factory: string): string | undefined {
  const read = CLOCK.exec(factory)?.[1];
  if (read === undefined) return undefined;
  return new RegExp(`[{,]\\s*([\\w$]+):${read.replaceAll('$', '\\$')}\\s*[,}]`).exec(factory)?.[1];
}
