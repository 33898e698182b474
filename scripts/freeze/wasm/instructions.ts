/** Decoding the instructions that onnxruntime-web is compiled to, as far as their immediates. */
import { type ByteReader, readUnsigned } from './bytes.ts';

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

/**
 * Calls `found` with the index of every function that a body calls directly or takes a reference to.
 * @throws {Error} for an unknown instruction.
 */
export function referencedFunctions(body: Uint8Array, found: (index: number) => void): void {
  const reader: ByteReader = { bytes: body, at: 0 };
  const groups = readUnsigned(reader);
  for (let i = 0; i < groups; i++) {
    readUnsigned(reader);
    reader.at++;
  }
  while (reader.at < body.length) {
    const opcode = body[reader.at++]!;
    if (opcode === CALL || opcode === RETURN_CALL || opcode === REF_FUNC) found(readUnsigned(reader));
    else skipImmediates(reader, opcode);
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
  else if (opcode === 0xfc) skipNumbers(reader, BULK[readUnsigned(reader)] ?? unknown(opcode));
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
