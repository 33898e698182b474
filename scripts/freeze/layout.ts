/** Where an onnxruntime-web keeps what freezing needs: its names are minified anew with every release. */
import type { RuntimeLayout } from '../../edge/runtime/frozen/create.ts';
import { API, type ApiNames } from '../../edge/runtime/frozen/instance.ts';
import { InputError } from '../../shared/errors.ts';
import { isFunction, parseModule } from './wasm/module.ts';

export interface FreezableLayout extends RuntimeLayout {
  /** The export that runs static constructors. */
  readonly constructors: string;
}

/** `_OrtRun=c.sb`, and `_OrtRun=(a,b)=>(f._OrtRun=L.ya)(a,b)` of releases before 1.24. */
const EXPORT = /\b_(Ort\w+|malloc|free)=(?:(?:\([^()]*\)|\w+)=>\((?:\w+\.)?_\1=)?\w+\.([\w$]+)/g;
/** Threads start otherwise; the main one runs the static constructors: `n?ua():I.Va()`. */
const CONSTRUCTORS = /\?\w+\(\w*\):\w+\.([\w$]+)\(\)/g;

/**
 * Finds the names in the factory's own text, and checks each against the WebAssembly.
 * @throws {InputError} naming the version, and what was not found in it.
 */
export function readLayout(version: string, factory: string, wasm: Uint8Array): FreezableLayout {
  const refuse = (what: string): never => {
    throw new InputError(
      `onnxruntime-web ${version} has a layout that is not known: ${what}; use another version, or RUNTIME = "stock"`,
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
  return { memory, api: Object.fromEntries(api) as ApiNames, constructors: first! };
}
