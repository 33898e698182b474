/** Decoding the instructions that onnxruntime-web is compiled to, as far as their immediates. */
import { concatenated } from '../../../shared/bytes.ts';
import { type ByteReader, readUnsigned, unsigned } from './bytes.ts';

const CALL = 0x10;
const RETURN_CALL = 0x12;
const REF_FUNC = 0xd2;
/** Number of LEB128 immediates by opcode; opcodes without an entry have none. */
const NUMBERS: Readonly<Record<number, number>> = {
  // block, loop, if, try; catch, throw, rethrow; br, br_if
  ...{ 2: 1, 3: 1, 4: 1, 6: 1, 7: 1, 8: 1, 9: 1, 12: 1, 13: 1 },
  // call, call_indirect and their tail forms, delegate
  ...{ 16: 1, 17: 2, 18: 1, 19: 2, 24: 1 },
  // locals, globals, tables
  ...{ 32: 1, 33: 1, 34: 1, 35: 1, 36: 1, 37: 1, 38: 1 },
  // memory.size, memory.grow, i32.const, i64.const; ref.null, ref.is_null, ref.func
  ...{ 63: 1, 64: 1, 65: 1, 66: 1, 208: 1, 210: 1 },
};
/**
 * Number of LEB128 immediates after the prefix 0xfc: none for saturating conversions, then bulk memory and
 * tables.
 */
const BULK = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1] as const;
const MAX_UNPREFIXED = 0xc4;

/** Instructions that refer to data segments, `memory.init` and `data.drop`, after the prefix 0xfc. */
const [PREFIX_BULK, MEMORY_INIT, DATA_DROP] = [0xfc, 8, 9];

/**
 * Calls `found` with the index of every function that a body calls directly or takes a reference to.
 * @throws {Error} for an unknown instruction.
 */
export function referencedFunctions(body: Uint8Array, found: (index: number) => void): void {
  visit(body, (opcode, start) => {
    if (refersToFunction(opcode)) found(readUnsigned({ bytes: body, at: start }));
  });
}

/** Returns the body with every index of a function replaced. @throws {Error} for an unknown instruction. */
export function withFunctions(body: Uint8Array, replace: (index: number) => number): Uint8Array<ArrayBuffer> {
  const parts: (Uint8Array | number[])[] = [];
  let copied = 0;
  visit(body, (opcode, start, end) => {
    if (!refersToFunction(opcode)) return;
    parts.push(body.subarray(copied, start), unsigned(replace(readUnsigned({ bytes: body, at: start }))));
    copied = end;
  });
  return concatenated([...parts, body.subarray(copied)]);
}

/** True if a body refers to data segments. @throws {Error} for an unknown instruction. */
export function usesData(body: Uint8Array): boolean {
  let isUsed = false;
  visit(body, (opcode, start) => {
    const isData = body[start] === MEMORY_INIT || body[start] === DATA_DROP;
    isUsed ||= opcode === PREFIX_BULK && isData;
  });
  return isUsed;
}

function refersToFunction(opcode: number): boolean {
  return opcode === CALL || opcode === RETURN_CALL || opcode === REF_FUNC;
}

/** Calls `visitor` with every instruction of a body: its opcode, and where its immediates start and end. */
function visit(body: Uint8Array, visitor: (opcode: number, start: number, end: number) => void): void {
  const reader: ByteReader = { bytes: body, at: 0 };
  const groups = readUnsigned(reader);
  for (let i = 0; i < groups; i++) {
    readUnsigned(reader);
    reader.at++;
  }
  while (reader.at < body.length) {
    const opcode = body[reader.at++]!;
    const start = reader.at;
    skipImmediates(reader, opcode);
    visitor(opcode, start, reader.at);
  }
}

/** Advances the reader past the immediates of an instruction. @throws {Error} for an unknown instruction. */
export function skipImmediates(reader: ByteReader, opcode: number): void {
  // Loads and stores.
  if (opcode >= 0x28 && opcode <= 0x3e) skipMemoryArgument(reader);
  // br_table
  else if (opcode === 0x0e) skipNumbers(reader, readUnsigned(reader) + 1);
  // select with types
  else if (opcode === 0x1c) skipNumbers(reader, readUnsigned(reader));
  // f32.const, f64.const
  else if (opcode === 0x43 || opcode === 0x44) reader.at += opcode === 0x43 ? 4 : 8;
  else if (opcode === PREFIX_BULK) skipNumbers(reader, BULK[readUnsigned(reader)] ?? unknown(opcode));
  else if (opcode === 0xfd) skipVector(reader, readUnsigned(reader));
  else if (opcode === 0xfe) skipAtomic(reader, readUnsigned(reader));
  // try_table, and unassigned opcodes
  else if (opcode === 0x1f || (opcode > MAX_UNPREFIXED && !(opcode in NUMBERS))) unknown(opcode);
  else skipNumbers(reader, NUMBERS[opcode] ?? 0);
}

function skipVector(reader: ByteReader, opcode: number): void {
  const hasLane = opcode >= 84 && opcode <= 91;
  if (opcode <= 11 || opcode === 92 || opcode === 93 || hasLane) skipMemoryArgument(reader);
  // v128.const, i8x16.shuffle
  if (opcode === 12 || opcode === 13) reader.at += 16;
  if (hasLane || (opcode >= 21 && opcode <= 34)) reader.at += 1;
}

function skipAtomic(reader: ByteReader, opcode: number): void {
  const isFence = opcode === 3;
  if (isFence) reader.at += 1;
  else skipMemoryArgument(reader);
}

function skipMemoryArgument(reader: ByteReader): void {
  const hasMemory = (readUnsigned(reader) & 64) !== 0;
  skipNumbers(reader, hasMemory ? 2 : 1);
}

function skipNumbers(reader: ByteReader, count: number): void {
  for (let i = 0; i < count; i++) readUnsigned(reader);
}

function unknown(opcode: number): never {
  throw new Error(`expected a known WebAssembly instruction, received opcode 0x${opcode.toString(16)}`);
}
