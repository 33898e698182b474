/**
 * Slimming a module: removing functions that never ran, and setting its globals to the values at freezing.
 */
import { concatenated } from '../../../shared/bytes.ts';
import { optionalPackage } from '../../../training/optionalPackage.ts';
import { type ByteReader, name, readUnsigned, signed, unsigned } from './bytes.ts';
import { referencedFunctions } from './instructions.ts';
import { isFunction, parseModule, SECTION, sized, vector, type WasmModule, withSections } from './module.ts';

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
const TRAP = [0, 0x00, 0x0b];
const [I32_CONST, I64_CONST, END] = [0x41, 0x42, 0x0b];
const I64 = 0x7e;

/**
 * Makes table entries trap, and removes exports, if their function never ran. Functions that the others reach
 * by direct calls are kept, whether they ran or not; binaryen removes the rest.
 * @throws {Error} if the module has an unknown form.
 */
export async function slim(bytes: Uint8Array, { ran, globals }: SlimOptions): Promise<Slimmed> {
  const module = parseModule(bytes);
  const { exports, bodies, importedFunctions } = module;
  const kept = exports.filter((each) => !isFunction(each) || ran.has(each.index));
  const table = tableFunctions(module);
  // Runs of imported functions are not recorded. Rethrowing a caught exception calls one through the table.
  const stays = (index: number): boolean => index < importedFunctions || ran.has(index);
  const roots = [...kept.filter(isFunction).map(({ index }) => index), ...table.filter(stays)];
  const reached = reachable(module, globals ? roots : [...roots, ...startFunction(module)]);
  const dropped = bodies.findIndex((_, i) => !reached.has(importedFunctions + i));
  if (dropped < 0) throw new Error('expected a workload that leaves at least one function unused');
  const sections = new Map<number, Uint8Array | undefined>([
    [SECTION.exports, vector(kept.map((each) => [...name(each.name), each.kind, ...unsigned(each.index)]))],
    [SECTION.elements, withTable(module, (index) => (stays(index) ? index : importedFunctions + dropped))],
    [SECTION.code, vector(bodies.map((body, i) => sized(reached.has(importedFunctions + i) ? body : TRAP)))],
  ]);
  if (globals) {
    sections.set(SECTION.start, undefined);
    sections.set(SECTION.globals, withGlobals(module, globals));
  }
  return {
    bytes: await withoutUnused(withSections(module, sections)),
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

function startFunction({ sections }: WasmModule): number[] {
  const section = sections.find(({ id }) => id === SECTION.start);
  return section ? [readUnsigned({ bytes: section.content, at: 0 })] : [];
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

async function withoutUnused(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded only when needed, because it takes seconds.
  const { default: binaryen } = await optionalPackage('binaryen', 'freezing needs', () => import('binaryen'));
  const { Features } = binaryen;
  // Listed one by one, because binaryen's "all features" writes an encoding of imports that V8 refuses.
  const features = [
    ...[Features.Atomics, Features.SIMD128, Features.RelaxedSIMD, Features.BulkMemory],
    ...[Features.ExceptionHandling, Features.NontrappingFPToInt, Features.MutableGlobals],
    ...[Features.SignExt, Features.ReferenceTypes, Features.Multivalue],
  ];
  const module = binaryen.readBinary(bytes);
  module.setFeatures(features.reduce((all: number, feature) => all | feature, 0));
  module.runPasses(['remove-unused-module-elements']);
  const emitted = module.emitBinary();
  module.dispose();
  return new Uint8Array(emitted);
}
