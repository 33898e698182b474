/** A module without what was never run, and with the globals of the moment at which it was frozen. */
import { concatenated } from '../../../shared/bytes.ts';
import { optionalPackage } from '../../../training/optionalPackage.ts';
import { name, type Reader, readUnsigned, signed, unsigned } from './bytes.ts';
import { referencedFunctions } from './instructions.ts';
import { isFunction, parseModule, SECTION, sized, vector, type WasmModule, withSections } from './module.ts';

export interface SlimOptions {
  /** Functions that have run, by index. */
  readonly ran: ReadonlySet<number>;
  /** What globals begin as, by index; with these, the start function, whose effects they are part of, is left out. */
  readonly globals?: ReadonlyMap<number, number | bigint>;
}

/** How many. */
export interface Functions {
  readonly kept: number;
  readonly dropped: number;
}

export interface Slimmed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly functions: Functions;
}

/** No locals; unreachable; end. */
const TRAP = [0, 0x00, 0x0b];
const [I32_CONST, I64_CONST, END] = [0x41, 0x42, 0x0b];
const I64 = 0x7e;

/**
 * Entries of the table, and exports, whose function never ran lead to a trap. What direct calls reach from the others
 * stays, whether it ran or not; binaryen removes the rest.
 * @throws {Error} where the module has a form that this does not know.
 */
export async function slim(bytes: Uint8Array, { ran, globals }: SlimOptions): Promise<Slimmed> {
  const module = parseModule(bytes);
  const { exports, bodies, importedFunctions } = module;
  const kept = exports.filter((each) => !isFunction(each) || ran.has(each.index));
  const table = tableFunctions(module);
  // Nothing says whether an imported function ran; by the table, exceptions that are caught are thrown again.
  const stays = (index: number): boolean => index < importedFunctions || ran.has(index);
  const roots = [...kept.filter(isFunction).map(({ index }) => index), ...table.filter(stays)];
  const reached = reachable(module, globals ? roots : [...roots, ...startFunction(module)]);
  const dropped = bodies.findIndex((_, i) => !reached.has(importedFunctions + i));
  if (dropped < 0) throw new Error('expected a workload that leaves some function out');
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

/** Functions that are not imported, as far as direct calls and references lead from `roots`. */
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

/** The elements with other functions; of the forms there are, only the plain one is read. */
function withTable({ sections }: WasmModule, replace: (index: number) => number): Uint8Array {
  const reader: Reader = { bytes: sections.find(({ id }) => id === SECTION.elements)!.content, at: 0 };
  const segments = Array.from({ length: readUnsigned(reader) }, () => {
    const start = reader.at;
    const form = readUnsigned(reader);
    if (form !== 0 || reader.bytes[reader.at++] !== I32_CONST)
      throw new Error(`expected a table that is filled at a constant offset, received form ${form}`);
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
  // Seconds to load: for those who have something to freeze.
  const { default: binaryen } = await optionalPackage('binaryen', 'freezing needs', () => import('binaryen'));
  const { Features } = binaryen;
  // Named one by one: binaryen's own "all features" writes an encoding of imports that V8 refuses.
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
