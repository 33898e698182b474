/** A runtime whose image arrives in pieces: each is written to memory when it comes, and nothing else is kept of it. */
import type { Instance } from '../frozen/instance.ts';
import type { Instances } from '../frozen/sessions.ts';
import type { Thawing } from '../frozen/thaw.ts';

/** There is no instance, as pieces of the image are missing. */
export class EmptyError extends Error {
  override readonly name = 'EmptyError';
}

export interface PieceByPiece extends Instances {
  get(): Instance;
  /** Returns the number of pieces that have been written. */
  pieces(): number;
  /**
   * Writes the piece of this index, if it is the next one; with the last `of` them there is an instance. Any other piece
   * is ignored, as two isolates of a Worker may send all of them at the same time.
   * @returns The number of pieces that have been written.
   */
  take(index: number, of: number, piece: ArrayBuffer): Promise<number>;
}

/** The memory that pieces are written to. */
interface Filling {
  readonly thawing: Thawing;
  pieces: number;
  instance?: Instance;
}

/** Creates a runtime without its image. After a trap it has none either, until all pieces come again. */
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
    get: () => {
      if (current?.instance) return current.instance;
      throw new EmptyError('pieces of the image are missing');
    },
    discard: (trapped) => {
      if (current?.instance !== trapped) return;
      // The next piece begins another one, when the memory of this one may be free already.
      current = undefined;
      filling = undefined;
    },
  };
}
