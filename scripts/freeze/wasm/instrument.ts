/** Instrumenting a module so that it reports the functions that have run and the values of its globals. */
import { concatenated } from '../../../shared/bytes.ts';
import { type ByteReader, name, readUnsigned, unsigned } from './bytes.ts';
import { appended, parseModule, SECTION, sized, vector, withSections } from './module.ts';

const I32 = 0x7f;
const MUTABLE = 1;
const [I32_CONST, GLOBAL_SET, END] = [0x41, 0x24, 0x0b];
const GLOBAL_KIND = 3;

const globalName = (index: number) => `global ${index}`;
const ranName = (index: number) => `ran ${index}`;

export interface Instrumented {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Returns the current values of the module's mutable globals, by index. */
  globals(exports: WebAssembly.Exports): Map<number, number | bigint>;
  /** Returns the indices of the functions that have run since the last call. */
  ran(exports: WebAssembly.Exports): Set<number>;
}

/**
 * Makes every function set its own global when it begins. That costs next to nothing, depends on no engine,
 * and can be read and cleared at any time. A trace of the engine's lazy compilation, in contrast, is a log of
 * one version of V8, and does not show what ran after a given moment.
 */
export function instrument(bytes: Uint8Array): Instrumented {
  const module = parseModule(bytes);
  const { globals, bodies, importedFunctions, importedGlobals } = module;
  const first = importedGlobals + globals.length;
  const mutable = globals.flatMap(({ isMutable }, i) => (isMutable ? [importedGlobals + i] : []));
  const counters = bodies.map(() => [I32, MUTABLE, I32_CONST, 0, END]);
  const sections = new Map<number, Uint8Array>([
    [SECTION.globals, appended(module, SECTION.globals, counters)],
    [
      SECTION.exports,
      appended(module, SECTION.exports, [
        ...mutable.map((index) => [...name(globalName(index)), GLOBAL_KIND, ...unsigned(index)]),
        ...bodies.map((_, i) => [...name(ranName(i)), GLOBAL_KIND, ...unsigned(first + i)]),
      ]),
    ],
    [SECTION.code, vector(bodies.map((body, i) => sized(marked(body, first + i))))],
  ]);
  const value = (exports: WebAssembly.Exports, key: string) => exports[key] as WebAssembly.Global;
  return {
    bytes: withSections(module, sections),
    globals: (instance) =>
      new Map(mutable.map((index) => [index, value(instance, globalName(index)).value as number | bigint])),
    ran: (instance) => {
      const all = new Set<number>();
      for (let i = 0; i < bodies.length; i++) {
        const counter = value(instance, ranName(i));
        if (counter.value === 1) all.add(importedFunctions + i);
        counter.value = 0;
      }
      return all;
    },
  };
}

/** Returns the body with an instruction that sets a global, inserted after the declarations of locals. */
function marked(body: Uint8Array, global: number): Uint8Array {
  const reader: ByteReader = { bytes: body, at: 0 };
  const groups = readUnsigned(reader);
  for (let i = 0; i < groups; i++) {
    readUnsigned(reader);
    reader.at++;
  }
  const mark = [I32_CONST, 1, GLOBAL_SET, ...unsigned(global)];
  return concatenated([body.subarray(0, reader.at), mark, body.subarray(reader.at)]);
}
