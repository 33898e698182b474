/** The frozen image: the memory of a started onnxruntime with its sessions. */
import type { RuntimeLayout } from './create.ts';
import type { LoadedGraph } from './loadedGraph.ts';

export interface FrozenGraph extends LoadedGraph {
  /** sha256 of the ONNX bytes. */
  readonly sha256: string;
}

/** The description of an image, in addition to its bytes. */
export interface ImageDescription extends RuntimeLayout {
  /** The version of onnxruntime-web. */
  readonly onnxruntime: string;
  /** Size of the memory, in pages of 64 KiB. */
  readonly pages: number;
  /** The export that runs static constructors, whose effects are in the image. */
  readonly constructors: string;
  /** The import that reads the clock; absent in images of earlier releases, and if it is not known. */
  readonly clock?: string;
  readonly graphs: readonly FrozenGraph[];
}

/** Marks a piece whose bytes are the next ones of the image. */
export const LITERAL = 0;
/** Marks a piece whose bytes are all `UNREAD`. */
export const FILLED = 0xffff_ffff;
/** The value of bytes that are never read. */
export const UNREAD = 0xff;

/**
 * Writes an image into fresh memory, which is all zeros.
 *
 * An image is a table, then bytes. The table is the number of pieces and, for each, three 32-bit numbers: its
 * address, its length, and its source: `LITERAL`, `FILLED`, or the address of the same bytes in memory.
 */
export function writeImage(image: ArrayBuffer, memory: WebAssembly.Memory): void {
  const target = new Uint8Array(memory.buffer);
  const [pieces] = new Uint32Array(image, 0, 1);
  const table = new Uint32Array(image, 4, 3 * pieces!);
  let offset = 4 + table.byteLength;
  for (let i = 0; i < table.length; i += 3) {
    const [address, length, same] = [table[i]!, table[i + 1]!, table[i + 2]!];
    if (same === LITERAL) {
      target.set(new Uint8Array(image, offset, length), address);
      offset += length;
    } else if (same === FILLED) target.fill(UNREAD, address, address + length);
    else target.copyWithin(address, same, same + length);
  }
}
