/** Reading and writing the primitives of the WebAssembly binary format (core specification, chapter 5). */

/** Bytes with the position of the next read. */
export interface ByteReader {
  readonly bytes: Uint8Array;
  at: number;
}

/** Reads an unsigned LEB128 number of up to 32 bits. Signed numbers may be skipped with it. */
export function readUnsigned(reader: ByteReader): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.bytes[reader.at++]!;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

export function readName(reader: ByteReader): string {
  const length = readUnsigned(reader);
  const text = new TextDecoder().decode(reader.bytes.subarray(reader.at, reader.at + length));
  reader.at += length;
  return text;
}

/** Encodes a nonnegative integer as unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** Encodes an integer as signed LEB128. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const byte = Number(rest & 127n);
    const isLast = rest >> 7n === ((byte & 64) === 0 ? 0n : -1n);
    bytes.push(isLast ? byte : byte | 128);
    if (isLast) return bytes;
  }
}

/** Encodes a name: its length in bytes, and its UTF-8. */
export function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}
