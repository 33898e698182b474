/** Instrumenting a module so that it records the words of memory that it reads. */
import { concatenated } from '../../../shared/bytes.ts';
import { type ByteReader, readUnsigned, signed, unsigned } from './bytes.ts';
import { skipImmediates } from './instructions.ts';
import { appended, parseModule, readVector, SECTION, sized, vector, withSections } from './module.ts';
import { type MemoryRead, readAt } from './reads.ts';

/** Bytes per recorded word. */
export const WORD = 8;

const OPCODE = {
  ...{ block: 0x02, loop: 0x03, end: 0x0b, branchIf: 0x0d, call: 0x10 },
  ...{ get: 0x20, set: 0x21, tee: 0x22, store8: 0x3a, constant: 0x41 },
  ...{ isZero: 0x45, lessEqual: 0x4d, greaterEqual: 0x4f, add: 0x6a, subtract: 0x6b, shiftRight: 0x76 },
} as const;
const [I32, I64, V128, VOID, FUNCTION_TYPE] = [0x7f, 0x7e, 0x7b, 0x40, 0x60];

/**
 * Indices of the locals that hold operands from the stack, counted from the end of the function's own locals.
 */
const SPARE = { address: 0, count: 1, i32: [2, 3], i64: [4, 5], v128: [6] } as const;
const SPARE_LOCALS = [4, I32, 2, I64, 1, V128];
const SPARE_GROUPS = 3;

/**
 * Makes every read below `limit` store 1 at `shadow` + address / `WORD`. The module must not use that memory
 * itself. Memory copies count as reads.
 */
export function watchReads(bytes: Uint8Array, limit: number, shadow: number): Uint8Array<ArrayBuffer> {
  const module = parseModule(bytes);
  const parameters = readVector(module, SECTION.types, readParameters);
  const functions = readVector(module, SECTION.functions, readUnsigned);
  const note = module.importedFunctions + functions.length;
  const bodies = module.bodies.map((body, i) => watched(body, parameters[functions[i]!]!, note));
  return withSections(
    module,
    new Map([
      [SECTION.types, appended(module, SECTION.types, [[FUNCTION_TYPE, 2, I32, I32, 0]])],
      [SECTION.functions, appended(module, SECTION.functions, [unsigned(parameters.length)])],
      [SECTION.code, vector([...bodies, noteBody(limit, shadow)].map(sized))],
    ]),
  );
}

/** Reads a function type and returns the number of its parameters. */
function readParameters(reader: ByteReader): number {
  if (reader.bytes[reader.at++] !== FUNCTION_TYPE)
    throw new Error('expected a section of function types only');
  const parameters = readUnsigned(reader);
  reader.at += parameters;
  const results = readUnsigned(reader);
  reader.at += results;
  return parameters;
}

function watched(body: Uint8Array, parameters: number, note: number): Uint8Array {
  const reader: ByteReader = { bytes: body, at: 0 };
  const groups = readUnsigned(reader);
  const declared = reader.at;
  let locals = parameters;
  for (let i = 0; i < groups; i++) {
    locals += readUnsigned(reader);
    reader.at++;
  }
  const parts: (Uint8Array | number[])[] = [
    unsigned(groups + SPARE_GROUPS),
    body.subarray(declared, reader.at),
    SPARE_LOCALS,
  ];
  let copied = reader.at;
  while (reader.at < body.length) {
    const start = reader.at;
    const read = readAt(body, start);
    if (read) {
      parts.push(
        body.subarray(copied, start),
        read === 'copy' ? noteCopy(locals, note) : noteRead(read, locals, note),
      );
      copied = start;
    }
    skipImmediates(reader, body[reader.at++]!);
  }
  return concatenated([...parts, body.subarray(copied)]);
}

/** Code that records a read. It moves the operands above the address to spare locals and back. */
function noteRead({ bytes, offset, above }: MemoryRead, locals: number, note: number): number[] {
  const spares = above.map((type, i) => unsigned(locals + SPARE[type][i]!));
  const address = unsigned(locals + SPARE.address);
  return [
    ...spares.toReversed().flatMap((spare) => [OPCODE.set, ...spare]),
    ...[OPCODE.tee, ...address, OPCODE.constant, ...signed(BigInt(offset | 0)), OPCODE.add],
    ...[OPCODE.constant, ...signed(BigInt(bytes)), OPCODE.call, ...unsigned(note), OPCODE.get, ...address],
    ...spares.flatMap((spare) => [OPCODE.get, ...spare]),
  ];
}

/** Code that records a copy. `memory.copy` takes target, source and count. */
function noteCopy(locals: number, note: number): number[] {
  const source = unsigned(locals + SPARE.address);
  const count = unsigned(locals + SPARE.count);
  return [
    ...[OPCODE.set, ...count, OPCODE.tee, ...source, OPCODE.get, ...count, OPCODE.call, ...unsigned(note)],
    ...[OPCODE.get, ...source, OPCODE.get, ...count],
  ];
}

/** Body of the function `(address, count)` that stores 1 for every word of the range. */
function noteBody(limit: number, shadow: number): number[] {
  const { get, set, tee, constant, add, subtract, shiftRight, branchIf, end } = OPCODE;
  const [address, count, word, last] = [0, 1, 2, 3];
  const shift = [constant, Math.log2(WORD), shiftRight];
  return [
    ...[1, 2, I32],
    ...[OPCODE.block, VOID],
    ...[get, count, OPCODE.isZero, branchIf, 0],
    ...[get, address, constant, ...signed(BigInt(limit)), OPCODE.greaterEqual, branchIf, 0],
    ...[get, address, ...shift, set, word],
    ...[get, address, get, count, add, constant, 1, subtract, ...shift, set, last],
    ...[OPCODE.loop, VOID, get, word, constant, 1, OPCODE.store8, 0, ...unsigned(shadow)],
    ...[get, word, constant, 1, add, tee, word, get, last, OPCODE.lessEqual, branchIf, 0, end],
    ...[end, end],
  ];
}
