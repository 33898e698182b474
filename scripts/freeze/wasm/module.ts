/** Parsing and rewriting a WebAssembly binary, as far as freezing needs it. */
import { concatenated } from '../../../shared/bytes.ts';
import { type ByteReader, readName, readUnsigned, unsigned } from './bytes.ts';

/** Section ids of the specification. */
export const SECTION = {
  types: 1,
  imports: 2,
  functions: 3,
  globals: 6,
  exports: 7,
  start: 8,
  elements: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

/** Kinds of imports and exports. */
const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

export interface WasmSection {
  readonly id: number;
  readonly content: Uint8Array;
}

export interface WasmExport {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export interface WasmGlobal {
  readonly type: number;
  readonly isMutable: boolean;
  /** The encoded constant expression. */
  readonly initial: Uint8Array;
}

export interface WasmModule {
  readonly sections: readonly WasmSection[];
  readonly importedFunctions: number;
  readonly importedGlobals: number;
  /** Module and name of the one memory. */
  readonly memory: readonly [string, string];
  readonly globals: readonly WasmGlobal[];
  readonly exports: readonly WasmExport[];
  /** Locals and code of every function that is not imported. */
  readonly bodies: readonly Uint8Array[];
}

/**
 * Parses a module.
 * @throws {Error} if it does not import its memory, or has globals that are not constant integers.
 */
export function parseModule(bytes: Uint8Array): WasmModule {
  const reader: ByteReader = { bytes, at: 8 };
  const sections: WasmSection[] = [];
  while (reader.at < bytes.length) {
    const id = bytes[reader.at++]!;
    const length = readUnsigned(reader);
    sections.push({ id, content: bytes.subarray(reader.at, reader.at + length) });
    reader.at += length;
  }
  const readerOf = (id: number): ByteReader => ({
    bytes: sections.find((section) => section.id === id)?.content ?? Uint8Array.of(0),
    at: 0,
  });
  return {
    sections,
    ...parseImports(readerOf(SECTION.imports)),
    globals: list(readerOf(SECTION.globals), parseGlobal),
    exports: list(readerOf(SECTION.exports), (each) => ({
      name: readName(each),
      kind: each.bytes[each.at++]!,
      index: readUnsigned(each),
    })),
    bodies: list(readerOf(SECTION.code), (each) => {
      const length = readUnsigned(each);
      each.at += length;
      return each.bytes.subarray(each.at - length, each.at);
    }),
  };
}

/** Returns the binary with the given contents of sections. An undefined content removes the section. */
export function withSections(
  { sections }: WasmModule,
  replaced: ReadonlyMap<number, Uint8Array | undefined>,
): Uint8Array<ArrayBuffer> {
  const header = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const parts = sections.flatMap(({ id, content }) => {
    const bytes = replaced.has(id) ? replaced.get(id) : content;
    return bytes === undefined ? [] : [[id, ...unsigned(bytes.length)], bytes];
  });
  return concatenated([header, ...parts]);
}

/** Reads the entries of a section. */
export function readVector<Item>(module: WasmModule, id: number, read: (reader: ByteReader) => Item): Item[] {
  return list({ bytes: contentOf(module, id), at: 0 }, read);
}

/** Returns the content of a section with more entries at its end. */
export function appended(module: WasmModule, id: number, entries: readonly number[][]): Uint8Array {
  const content = contentOf(module, id);
  const reader: ByteReader = { bytes: content, at: 0 };
  const count = readUnsigned(reader);
  return concatenated([unsigned(count + entries.length), content.subarray(reader.at), ...entries]);
}

function contentOf({ sections }: WasmModule, id: number): Uint8Array {
  const section = sections.find((each) => each.id === id);
  if (section === undefined) throw new Error(`expected a WebAssembly module with section ${id}`);
  return section.content;
}

/** Encodes the content of a section: the number of its entries, and the entries. */
export function vector(entries: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return concatenated([unsigned(entries.length), ...entries]);
}

/** Returns a function body with its length in front. */
export function sized(body: Uint8Array | readonly number[]): Uint8Array<ArrayBuffer> {
  return concatenated([unsigned(body.length), body]);
}

export function isFunction({ kind }: WasmExport): boolean {
  return kind === KIND.function;
}

function list<Item>(reader: ByteReader, read: (reader: ByteReader) => Item): Item[] {
  return Array.from({ length: readUnsigned(reader) }, () => read(reader));
}

function parseImports(
  reader: ByteReader,
): Pick<WasmModule, 'importedFunctions' | 'importedGlobals' | 'memory'> {
  const [counts, memories] = [[0, 0, 0, 0, 0], [] as [string, string][]];
  list(reader, () => {
    const from = [readName(reader), readName(reader)] as [string, string];
    const kind = reader.bytes[reader.at++]!;
    counts[kind]!++;
    if (kind === KIND.memory) memories.push(from);
    if (kind === KIND.table) reader.at++;
    if (kind === KIND.table || kind === KIND.memory) {
      const hasMaximum = readUnsigned(reader) & 1;
      for (let i = 0; i <= hasMaximum; i++) readUnsigned(reader);
    } else if (kind === KIND.global) reader.at += 2;
    else {
      if (kind === KIND.tag) reader.at++;
      readUnsigned(reader);
    }
  });
  const [memory] = memories;
  if (memory === undefined) throw new Error('expected a WebAssembly module that imports its memory');
  return { importedFunctions: counts[KIND.function]!, importedGlobals: counts[KIND.global]!, memory };
}

const GLOBAL_CONSTANTS = { i32: 0x41, i64: 0x42 } as const;
const END = 0x0b;

function parseGlobal(reader: ByteReader): WasmGlobal {
  const type = reader.bytes[reader.at++]!;
  const isMutable = reader.bytes[reader.at++] === 1;
  const start = reader.at;
  const opcode = reader.bytes[reader.at++]!;
  if (opcode !== GLOBAL_CONSTANTS.i32 && opcode !== GLOBAL_CONSTANTS.i64) {
    throw new Error(`expected a global initialised with a constant integer, received opcode ${opcode}`);
  }
  readUnsigned(reader);
  if (reader.bytes[reader.at++] !== END) throw new Error('expected a global initialised with one constant');
  return { type, isMutable, initial: reader.bytes.subarray(start, reader.at) };
}
