/** Progress of a training run for people: a bar on a terminal, one line per epoch everywhere. */
import { SingleBar } from 'cli-progress';
import type { Epoch } from '../../training/fitting/fit.ts';

export interface TrainingProgress {
  readonly onEpoch: (epoch: Epoch) => void;
  readonly onProgress: (epoch: number, share: number) => void;
  /** Takes the bar off the screen. */
  readonly stop: () => void;
}

/** Reports to `print` line by line, with a bar on stderr below where that is a terminal. */
export function trainingProgress(epochs: number, print: (line: string) => void): TrainingProgress {
  const bar = new SingleBar({
    format: 'epoch {epoch} [{bar}] {percentage}% | {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  let started = false;
  return {
    onProgress: (epoch, share) => {
      if (!process.stderr.isTTY) return;
      if (!started) bar.start(epochs, epoch - 1, { epoch });
      started = true;
      bar.update(epoch - 1 + share, { epoch });
    },
    onEpoch: ({ epoch, train, validation }) => {
      if (started) bar.stop();
      started = false;
      const width = String(epochs).length;
      print(
        `epoch ${String(epoch).padStart(width)}/${epochs}  loss ${train.loss.toFixed(4)}  validation ${validation.loss.toFixed(4)}`,
      );
    },
    stop: () => bar.stop(),
  };
}
