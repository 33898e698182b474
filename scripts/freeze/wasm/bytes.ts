/** Reading and writing the primitives of the WebAssembly binary format (core specification, chapter 5). */

/** A position in bytes that moves on as they are read. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** An unsigned LEB128 number of up to 32 bits; signed ones may be skipped with it. */
export function readUnsigned(reader: Reader): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.bytes[reader.at++]!;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

export function readName(reader: Reader): string {
  const length = readUnsigned(reader);
  const text = new TextDecoder().decode(reader.bytes.subarray(reader.at, reader.at + length));
  reader.at += length;
  return text;
}

/** LEB128 of a whole number from 0. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** Signed LEB128. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const byte = Number(rest & 127n);
    const isLast = rest >> 7n === ((byte & 64) === 0 ? 0n : -1n);
    bytes.push(isLast ? byte : byte | 128);
    if (isLast) return bytes;
  }
}

export function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}
