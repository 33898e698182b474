/**
 * Slimming a module: removing functions that never ran, and setting its globals to the values at freezing.
 */
import { concatenated } from '../../../shared/bytes.ts';
import { type ByteReader, name, readUnsigned, signed, unsigned } from './bytes.ts';
import { referencedFunctions, usesData, withFunctions } from './instructions.ts';
import {
  isFunction,
  parseModule,
  readVector,
  SECTION,
  sized,
  vector,
  type WasmExport,
  type WasmModule,
  withSections,
} from './module.ts';

export interface SlimOptions {
  /** Indices of the functions that have run. */
  readonly ran: ReadonlySet<number>;
  /**
   * Initial values of globals, by index. They include the effects of the start function, which is then
   * removed.
   */
  readonly globals?: ReadonlyMap<number, number | bigint>;
}

/** Numbers of functions. */
export interface FunctionCounts {
  readonly kept: number;
  readonly dropped: number;
}

export interface Slimmed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly functions: FunctionCounts;
}

/** A body that traps: no locals; unreachable; end. */
const TRAP = Uint8Array.of(0, 0x00, 0x0b);
const [I32_CONST, I64_CONST, END] = [0x41, 0x42, 0x0b];
const I64 = 0x7e;

/**
 * Removes functions that never ran, and their exports; their entries in the table trap. Functions that the others
 * reach by direct calls are kept, whether they ran or not. Data that no function refers to any more is removed.
 * @throws {Error} if the module has an unknown form.
 */
export function slim(bytes: Uint8Array, { ran, globals }: SlimOptions): Slimmed {
  const module = parseModule(bytes);
  const { bodies, importedFunctions } = module;
  const exports = module.exports.filter((each) => !isFunction(each) || ran.has(each.index));
  // Runs of imported functions are not recorded. Rethrowing a caught exception calls one through the table.
  const stays = (index: number): boolean => index < importedFunctions || ran.has(index);
  const start = globals ? undefined : startFunction(module);
  const roots = [
    ...exports.filter(isFunction).map(({ index }) => index),
    ...tableFunctions(module).filter(stays),
    ...(start === undefined ? [] : [start]),
  ];
  const reached = reachable(module, roots);
  const trap = bodies.findIndex((_, i) => !reached.has(importedFunctions + i));
  if (trap < 0) throw new Error('expected a workload that leaves at least one function unused');
  const kept = bodies.flatMap((_, i) => (reached.has(importedFunctions + i) || i === trap ? [i] : []));
  const positions = new Map(kept.map((old, i) => [importedFunctions + old, importedFunctions + i]));
  // Imported functions keep their indices.
  const renumbered = (index: number): number => positions.get(index) ?? index;
  const types = readVector(module, SECTION.functions, readUnsigned);
  const code = kept.map((i) => (i === trap ? TRAP : withFunctions(bodies[i]!, renumbered)));
  const exportOf = (each: WasmExport) => {
    const index = isFunction(each) ? renumbered(each.index) : each.index;
    return [...name(each.name), each.kind, ...unsigned(index)];
  };
  const sections = new Map<number, Uint8Array | undefined>([
    [SECTION.functions, vector(kept.map((i) => unsigned(types[i]!)))],
    [SECTION.exports, vector(exports.map(exportOf))],
    [SECTION.start, start === undefined ? undefined : Uint8Array.from(unsigned(renumbered(start)))],
    [
      SECTION.elements,
      withTable(module, (index) => renumbered(stays(index) ? index : importedFunctions + trap)),
    ],
    [SECTION.code, vector(code.map(sized))],
  ]);
  if (globals) sections.set(SECTION.globals, withGlobals(module, globals));
  if (!code.some(usesData)) for (const id of [SECTION.dataCount, SECTION.data]) sections.set(id, undefined);
  return {
    bytes: withSections(module, sections),
    functions: { kept: reached.size, dropped: bodies.length - reached.size },
  };
}

/** Functions that `roots` reach by direct calls and references, without imported ones. */
function reachable({ bodies, importedFunctions }: WasmModule, roots: readonly number[]): Set<number> {
  const reached = new Set<number>();
  const open: number[] = [];
  const reach = (index: number): void => {
    if (index < importedFunctions || reached.has(index)) return;
    reached.add(index);
    open.push(index);
  };
  for (const root of roots) reach(root);
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    referencedFunctions(bodies[index - importedFunctions]!, reach);
  }
  return reached;
}

function startFunction({ sections }: WasmModule): number | undefined {
  const section = sections.find(({ id }) => id === SECTION.start);
  return section && readUnsigned({ bytes: section.content, at: 0 });
}

function tableFunctions(module: WasmModule): number[] {
  const functions: number[] = [];
  withTable(module, (index) => {
    functions.push(index);
    return index;
  });
  return functions;
}

/**
 * Returns the element section with replaced functions.
 * @throws {Error} for segments other than active ones at a constant.
 */
function withTable({ sections }: WasmModule, replace: (index: number) => number): Uint8Array {
  const reader: ByteReader = { bytes: sections.find(({ id }) => id === SECTION.elements)!.content, at: 0 };
  const segments = Array.from({ length: readUnsigned(reader) }, () => {
    const start = reader.at;
    const form = readUnsigned(reader);
    if (form !== 0 || reader.bytes[reader.at++] !== I32_CONST)
      throw new Error(`expected a table segment at a constant offset, received form ${form}`);
    readUnsigned(reader);
    reader.at++;
    const header = reader.bytes.subarray(start, reader.at);
    const functions = Array.from({ length: readUnsigned(reader) }, () => replace(readUnsigned(reader)));
    return concatenated([header, unsigned(functions.length), functions.flatMap(unsigned)]);
  });
  return vector(segments);
}

function withGlobals({ globals, importedGlobals }: WasmModule, values: ReadonlyMap<number, number | bigint>) {
  return vector(
    globals.map(({ type, isMutable, initial }, i) => {
      const value = values.get(importedGlobals + i);
      const constant = [type === I64 ? I64_CONST : I32_CONST, ...signed(BigInt(value ?? 0)), END];
      return concatenated([[type, isMutable ? 1 : 0], value === undefined ? initial : constant]);
    }),
  );
}
