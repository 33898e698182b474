/** Splitting an image into pieces that are images themselves, to be written one after the other. */
import { LITERAL } from '../../edge/runtime/frozen/image.ts';

/** Numbers in an entry of an image's table: address, length and source. */
const ENTRY = 3;

interface Piece {
  /** The entries of its table, in a row. */
  readonly entries: number[];
  readonly literals: Uint8Array[];
  bytes: number;
}

/**
 * Splits an image into images with up to `most` bytes of literals, which give the same memory if they are written in
 * order: copies refer to what is before them.
 */
export function splitImage(image: Uint8Array, most: number): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const count = view.getUint32(0, true);
  let offset = 4 * (1 + ENTRY * count);
  const pieces: Piece[] = [];
  const next = (): Piece => {
    const piece = { entries: [], literals: [], bytes: 0 };
    pieces.push(piece);
    return piece;
  };
  let piece = next();
  for (let i = 0; i < count; i++) {
    const [address, length, same] = [0, 1, 2].map((k) => view.getUint32(4 * (1 + ENTRY * i + k), true)) as [
      number,
      number,
      number,
    ];
    if (same !== LITERAL) {
      piece.entries.push(address, length, same);
      continue;
    }
    for (let done = 0; done < length; ) {
      if (piece.bytes === most) piece = next();
      const bytes = Math.min(length - done, most - piece.bytes);
      piece.entries.push(address + done, bytes, LITERAL);
      piece.literals.push(image.subarray(offset, offset + bytes));
      piece.bytes += bytes;
      offset += bytes;
      done += bytes;
    }
  }
  return pieces.map(joined);
}

function joined({ entries, literals, bytes }: Piece): Uint8Array<ArrayBuffer> {
  const table = Uint32Array.from([entries.length / ENTRY, ...entries]);
  const image = new Uint8Array(table.byteLength + bytes);
  image.set(new Uint8Array(table.buffer));
  let offset = table.byteLength;
  for (const literal of literals) {
    image.set(literal, offset);
    offset += literal.length;
  }
  return image;
}
