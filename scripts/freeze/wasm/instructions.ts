/** Which functions a function body names: the immediates of every instruction that onnxruntime-web is compiled to. */
import { type Reader, readUnsigned } from './bytes.ts';

const CALL = 0x10;
const RETURN_CALL = 0x12;
const REF_FUNC = 0xd2;
/** Shapes of immediates, by opcode: how many LEB128 numbers follow, where it is not none. */
const NUMBERS: Readonly<Record<number, number>> = {
  // block, loop, if, try; catch, throw, rethrow; br, br_if
  ...{ 2: 1, 3: 1, 4: 1, 6: 1, 7: 1, 8: 1, 9: 1, 12: 1, 13: 1 },
  // call, call_indirect and their tail forms, delegate
  ...{ 16: 1, 17: 2, 18: 1, 19: 2, 24: 1 },
  // locals, globals, tables
  ...{ 32: 1, 33: 1, 34: 1, 35: 1, 36: 1, 37: 1, 38: 1 },
  // memory.size, memory.grow, i32.const, i64.const; ref.null, ref.func
  ...{ 63: 1, 64: 1, 65: 1, 66: 1, 208: 1, 210: 1 },
};
/** After the prefix 0xfc: saturating conversions have none, then bulk memory and tables. */
const BULK = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1] as const;
const MAX_UNPREFIXED = 0xc4;

/** Calls `found` with the index of every function that a body calls directly or takes a reference to. @throws {Error} for an instruction that is not known. */
export function referencedFunctions(body: Uint8Array, found: (index: number) => void): void {
  const reader: Reader = { bytes: body, at: 0 };
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

function skipImmediates(reader: Reader, opcode: number): void {
  if (opcode >= 0x28 && opcode <= 0x3e) return skipMemoryArgument(reader);
  if (opcode === 0x0e) return skipNumbers(reader, readUnsigned(reader) + 1); // br_table
  if (opcode === 0x1c) return skipNumbers(reader, readUnsigned(reader)); // select with types
  if (opcode === 0x43 || opcode === 0x44) return skipBytes(reader, opcode === 0x43 ? 4 : 8); // f32.const, f64.const
  if (opcode === 0xfc) return skipNumbers(reader, BULK[readUnsigned(reader)] ?? unknown(opcode));
  if (opcode === 0xfd) return skipVector(reader, readUnsigned(reader));
  if (opcode === 0xfe) {
    // atomic.fence has a byte, the others the place in memory
    return readUnsigned(reader) === 3 ? skipBytes(reader, 1) : skipMemoryArgument(reader);
  }
  const count = NUMBERS[opcode];
  if (count === undefined && opcode > MAX_UNPREFIXED && opcode !== 0xd1) unknown(opcode);
  if (opcode === 0x1f) unknown(opcode); // try_table
  skipNumbers(reader, count ?? 0);
}

function skipVector(reader: Reader, opcode: number): void {
  if (opcode <= 11 || opcode === 92 || opcode === 93) return skipMemoryArgument(reader);
  if (opcode === 12 || opcode === 13) return skipBytes(reader, 16); // v128.const, i8x16.shuffle
  if (opcode >= 21 && opcode <= 34) return skipBytes(reader, 1); // lanes
  if (opcode >= 84 && opcode <= 91) {
    skipMemoryArgument(reader);
    skipBytes(reader, 1);
  }
}

function skipMemoryArgument(reader: Reader): void {
  const hasMemory = (readUnsigned(reader) & 64) !== 0;
  skipNumbers(reader, hasMemory ? 2 : 1);
}

function skipNumbers(reader: Reader, count: number): void {
  for (let i = 0; i < count; i++) readUnsigned(reader);
}

function skipBytes(reader: Reader, count: number): void {
  reader.at += count;
}

function unknown(opcode: number): never {
  throw new Error(
    `expected an instruction that this project knows, received opcode 0x${opcode.toString(16)}`,
  );
}
