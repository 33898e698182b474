/** The history of a run while it grows: in a file of JSON lines, or printed. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { InputError } from '../../shared/errors.ts';
import { asStorageError } from '../files.ts';
import type { Epoch } from './fit.ts';

export interface HistoryWriter {
  /** Overwrites the file with the epochs restored from a checkpoint; none for a new run. */
  readonly onStart: (history: readonly Epoch[]) => void;
  readonly onEpoch: (epoch: Epoch) => void;
}

/**
 * Returns callbacks for `train` that write the history to `path`, a line of JSON when an epoch ends.
 * @throws {InputError} from `onStart`, if the file cannot be written.
 * @throws {StorageError} from `onEpoch`, if the disk is full, for instance.
 *
 * @example
 * await train({ name: 'sensors', data, ...jsonLines('history.jsonl') });
 */
export function jsonLines(path: string): HistoryWriter {
  const line = (epoch: Epoch) => `${JSON.stringify(epoch)}\n`;
  return {
    onStart: (history) => {
      try {
        writeFileSync(path, history.map(line).join(''));
      } catch (cause) {
        throw new InputError(`${path}: the history cannot be written there`, { cause });
      }
    },
    onEpoch: (epoch) => {
      try {
        appendFileSync(path, line(epoch));
      } catch (error) {
        throw asStorageError(error, path);
      }
    },
  };
}

/** Returns an `onEpoch` that prints the losses of each epoch to stderr, and then calls the given one. */
export function printedEpochs(epochs: number, onEpoch?: (epoch: Epoch) => void): (epoch: Epoch) => void {
  const width = String(epochs).length;
  return (each) => {
    const { epoch, train, validation } = each;
    const losses = `loss ${train.loss.toPrecision(4)}  validation ${validation.loss.toPrecision(4)}`;
    process.stderr.write(`epoch ${String(epoch).padStart(width)}/${epochs}  ${losses}\n`);
    onEpoch?.(each);
  };
}
