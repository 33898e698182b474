/** The history of a run as JSON lines, one object per epoch, appended when the epoch ends. */
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
 * Returns callbacks for `train` that write the history to `path`.
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
