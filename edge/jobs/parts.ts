/**
 * Parts of a multipart upload that joins objects in order. R2 takes parts of one size, of at least 5 MiB, except for the
 * last, so a part may hold several objects, and pieces of them.
 */

const MIB = 1024 * 1024;
const MIN_PART = 8 * MIB;
/** R2 takes 10,000 parts. */
const MOST_PARTS = 9000;

/** Returns the size of the parts of an upload. */
export function partSize(totalBytes: number): number {
  return Math.max(MIN_PART, MIB * Math.ceil(totalBytes / MOST_PARTS / MIB));
}

/** A range of bytes of the object at a position of a list. */
export interface Piece {
  readonly position: number;
  readonly offset: number;
  readonly length: number;
}

export interface Joined {
  /** Each adds up to the size of a part; the last one of all may be smaller. */
  readonly parts: readonly (readonly Piece[])[];
  /** Where the next part starts: `offset` bytes into the object at `position`. */
  readonly next: { readonly position: number; readonly offset: number };
}

/**
 * Returns up to `most` parts that a list of objects fills.
 * @param sizes Bytes of the objects; of the first, `offset` are in an earlier part.
 * @param isWhole True if the list ends with the last object of all: what remains is the last part.
 */
export function joinedParts(
  sizes: readonly number[],
  {
    offset: start,
    partBytes,
    most,
    isWhole,
  }: {
    readonly offset: number;
    readonly partBytes: number;
    readonly most: number;
    readonly isWhole: boolean;
  },
): Joined {
  const parts: Piece[][] = [];
  let pieces: Piece[] = [];
  let filled = 0;
  let next = { position: 0, offset: start };
  const close = (position: number, offset: number) => {
    parts.push(pieces);
    pieces = [];
    filled = 0;
    next = offset === sizes[position] ? { position: position + 1, offset: 0 } : { position, offset };
  };
  for (let position = 0; position < sizes.length; position++) {
    let offset = position === 0 ? start : 0;
    while (offset < sizes[position]! && parts.length < most) {
      const length = Math.min(sizes[position]! - offset, partBytes - filled);
      pieces.push({ position, offset, length });
      offset += length;
      filled += length;
      if (filled === partBytes) close(position, offset);
    }
  }
  if (isWhole && filled > 0) close(sizes.length - 1, sizes.at(-1)!);
  return { parts, next };
}
