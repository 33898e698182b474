/** Decoding the instructions that read memory: number of bytes, and position of the address on the stack. */
import { type ByteReader, readUnsigned } from './bytes.ts';

export interface MemoryRead {
  readonly bytes: number;
  /** Constant that is added to the address. */
  readonly offset: number;
  /** Types of the operands above the address on the stack, the topmost last. */
  readonly above: readonly ('i32' | 'i64' | 'v128')[];
}

/** Bytes read by `i32.load` to `i64.load32_u`. */
const LOADS = [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4] as const;
const FIRST_LOAD = 0x28;
/**
 * Bytes read by `v128.load` to `v128.load64_splat`, by opcode after 0xfd; then by lane loads and
 * zero-extending loads.
 */
const VECTOR_LOADS = [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8] as const;
const LANE_LOADS: Readonly<Record<number, number>> = { 84: 1, 85: 2, 86: 4, 87: 8 };
const ZERO_LOADS: Readonly<Record<number, number>> = { 92: 4, 93: 8 };
/** Forms of every atomic instruction, in the order of their opcodes. */
const ATOMIC = [
  ...[
    { bytes: 4, type: 'i32' },
    { bytes: 8, type: 'i64' },
    { bytes: 1, type: 'i32' },
    { bytes: 2, type: 'i32' },
  ],
  ...[
    { bytes: 1, type: 'i64' },
    { bytes: 2, type: 'i64' },
    { bytes: 4, type: 'i64' },
  ],
] as const;
const [FIRST_ATOMIC_LOAD, FIRST_EXCHANGE, FIRST_COMPARE, AFTER_COMPARE] = [0x10, 0x1e, 0x48, 0x4f];
const MEMORY_COPY = 10;

/**
 * Returns the read of the instruction at `at`: `copy` for `memory.copy`, undefined if it does not read
 * memory.
 */
export function readAt(body: Uint8Array, at: number): MemoryRead | 'copy' | undefined {
  const reader: ByteReader = { bytes: body, at: at + 1 };
  const opcode = body[at]!;
  const load = LOADS[opcode - FIRST_LOAD];
  if (load !== undefined) return { bytes: load, above: [], offset: offsetOf(reader) };
  if (opcode === 0xfc) return readUnsigned(reader) === MEMORY_COPY ? 'copy' : undefined;
  if (opcode !== 0xfd && opcode !== 0xfe) return undefined;
  const read = (opcode === 0xfd ? vectorRead : atomicRead)(readUnsigned(reader));
  return read && { ...read, offset: offsetOf(reader) };
}

function vectorRead(opcode: number): Omit<MemoryRead, 'offset'> | undefined {
  const lane = LANE_LOADS[opcode];
  if (lane !== undefined) return { bytes: lane, above: ['v128'] };
  const bytes = VECTOR_LOADS[opcode] ?? ZERO_LOADS[opcode];
  return bytes === undefined ? undefined : { bytes, above: [] };
}

function atomicRead(opcode: number): Omit<MemoryRead, 'offset'> | undefined {
  const inLoads = opcode - FIRST_ATOMIC_LOAD;
  if (inLoads >= 0 && inLoads < ATOMIC.length) return { bytes: ATOMIC[inLoads]!.bytes, above: [] };
  if (opcode < FIRST_EXCHANGE || opcode >= AFTER_COMPARE) return undefined;
  const { bytes, type } = ATOMIC[(opcode - FIRST_EXCHANGE) % ATOMIC.length]!;
  return { bytes, above: opcode >= FIRST_COMPARE ? [type, type] : [type] };
}

function offsetOf(reader: ByteReader): number {
  readUnsigned(reader);
  return readUnsigned(reader);
}
