/** A runtime whose image arrives in pieces: each is written to memory when it comes, and nothing else is kept of it. */
import type { Instance } from '../frozen/instance.ts';
import type { Thawing } from '../frozen/thaw.ts';

export interface PieceByPiece {
  /** Returns the instance; undefined while pieces of the image are missing. */
  get(): Instance | undefined;
  /** Returns the number of pieces that have been written. */
  pieces(): number;
  /**
   * Writes the piece of this index, if it is the next one; with the last `of` them there is an instance. Any other piece
   * is ignored, as two isolates of a Worker may send all of them at the same time.
   * @returns The number of pieces that have been written.
   */
  take(index: number, of: number, piece: ArrayBuffer): Promise<number>;
  /** Gives up an instance that has trapped. There is another one once all pieces have come again. */
  discard(trapped: Instance): void;
}

/** The memory that pieces are written to. */
interface Filling {
  readonly thawing: Thawing;
  pieces: number;
  instance?: Instance;
}

/** Creates a runtime without its image. */
export function pieceByPiece(begin: () => Promise<Thawing>): PieceByPiece {
  const started = () => begin().then((thawing): Filling => ({ thawing, pieces: 0 }));
  let filling: Promise<Filling> | undefined = started();
  let current: Filling | undefined;
  return {
    pieces: () => current?.pieces ?? 0,
    take: async (index, of, piece) => {
      filling ??= started();
      current = await filling;
      if (index === current.pieces) {
        current.thawing.write(piece);
        current.pieces++;
        if (current.pieces === of) current.instance = current.thawing.finish();
      }
      return current.pieces;
    },
    get: () => current?.instance,
    discard: (trapped) => {
      if (current?.instance !== trapped) return;
      // The next piece begins another one, when the memory of this one may be free already.
      current = undefined;
      filling = undefined;
    },
  };
}
