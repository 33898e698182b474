/** Flags of V8 in a configuration of workerd, as Miniflare has no option for them. */

/**
 * Where `v8Flags` is in `Config`, by its number in
 * [workerd.capnp](https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp).
 */
const FIELD = 2;

const WORD = 8;
/** Kinds of pointers, and of elements of a list, as the [encoding](https://capnproto.org/encoding.html) numbers them. */
const STRUCT = 0;
const LIST = 1;
const FAR = 2;
const BYTES = 2;
const POINTERS = 6;

/**
 * A configuration of workerd with flags of V8. One that has flags already is returned as it is.
 *
 * @param config A `Config` of workerd in one Cap'n Proto message, not packed.
 * @param flags For instance `--single-threaded-gc`, in ASCII.
 * @returns The same message with one more segment, which holds the flags.
 * @throws {RangeError} if the message is not one that can take flags.
 */
export function withV8Flags(config: Uint8Array, flags: readonly string[]): Uint8Array {
  const { sizes, start } = segmentTable(config);
  const content = Buffer.from(config.subarray(start));
  const field = fieldOffset(content, sizes);
  if (content.readBigUInt64LE(field) !== 0n) return config;
  content.writeBigUInt64LE(farPointer(sizes.length), field);
  const added = flagsSegment(flags);
  return Buffer.concat([tableOf([...sizes, added.length / WORD]), content, added]);
}

/** @returns Sizes of the segments in words, and where the first one starts. */
function segmentTable(config: Uint8Array): { sizes: readonly number[]; start: number } {
  const view = new DataView(config.buffer, config.byteOffset, config.byteLength);
  const count = view.getUint32(0, true) + 1;
  const sizes = Array.from({ length: count }, (_, i) => view.getUint32(4 * (i + 1), true));
  return { sizes, start: tableLength(count) };
}

function tableOf(sizes: readonly number[]): Buffer {
  const table = Buffer.alloc(tableLength(sizes.length));
  for (const [i, value] of [sizes.length - 1, ...sizes].entries()) table.writeUInt32LE(value, 4 * i);
  return table;
}

const tableLength = (count: number): number => Math.ceil((4 * (count + 1)) / WORD) * WORD;

/** @returns The offset of the pointer to the flags, from the start of the first segment. */
function fieldOffset(content: Buffer, sizes: readonly number[]): number {
  const kind = content.readUInt32LE(0) & 3;
  const dataWords = content.readUInt16LE(4);
  const pointers = content.readUInt16LE(6);
  const offset = WORD * (1 + (content.readInt32LE(0) >> 2) + dataWords + FIELD);
  if (kind !== STRUCT || pointers <= FIELD || offset >= WORD * sizes[0]!)
    throw new RangeError('Expected a configuration of workerd with a root in its first segment');
  return offset;
}

/** A pointer to the first word of a segment. */
const farPointer = (segment: number): bigint => BigInt(FAR) | (BigInt(segment) << 32n);

/** A pointer to a list, `offset` words behind the pointer's end. */
const listPointer = (offset: number, elements: number, length: number): bigint =>
  BigInt(LIST) | (BigInt(offset) << 2n) | (BigInt(elements) << 32n) | (BigInt(length) << 35n);

/** The pointer to the list, the list of pointers to texts, and the texts, each with a zero at its end. */
function flagsSegment(flags: readonly string[]): Buffer {
  const texts = flags.map((flag) => {
    const length = Math.ceil((flag.length + 1) / WORD) * WORD;
    return Buffer.alloc(length).fill(flag, 0, flag.length, 'ascii');
  });
  const head = Buffer.alloc(WORD * (1 + flags.length));
  head.writeBigUInt64LE(listPointer(0, POINTERS, flags.length));
  let words = 0;
  flags.forEach((flag, i) => {
    const behind = flags.length - i - 1 + words;
    head.writeBigUInt64LE(listPointer(behind, BYTES, flag.length + 1), WORD * (i + 1));
    words += texts[i]!.length / WORD;
  });
  return Buffer.concat([head, ...texts]);
}
