/** Progress of training runs and searches: a bar on a terminal, and one line per step everywhere. */
import { SingleBar } from 'cli-progress';
import type { OnStage } from '../../training/artifact/stages.ts';
import type { Epoch } from '../../training/fitting/fit.ts';

const BAR = { hideCursor: true, clearOnComplete: true, noTTYOutput: false };
/** From then on, a pipe hears of the stages of a task. */
const SLOW_MS = 1000;
/** Seconds between two lines about a task of unknown length. */
const TOLD_SECONDS = 10;

export interface TrainingProgress {
  readonly onEpoch: (epoch: Epoch) => void;
  readonly onProgress: (epoch: number, share: number) => void;
  /** Shows a stage of packaging; on a pipe, only once packaging has taken a second. */
  readonly onStage: OnStage;
  /** Removes the bar from the screen. */
  readonly stop: () => void;
}

/** Prints a line per epoch and, if stderr is a terminal, a progress bar there. */
export function trainingProgress(epochs: number, print: (line: string) => void): TrainingProgress {
  const bar = new SingleBar({
    ...BAR,
    format: 'epoch {epoch} [{bar}] {percentage}% | {eta_formatted} left',
  });
  const stages = stageProgress('packaging', print);
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
        `epoch ${String(epoch).padStart(width)}/${epochs}  loss ${lossText(train.loss)}  validation ${lossText(validation.loss)}`,
      );
    },
    onStage: stages.onStage,
    stop: () => {
      bar.stop();
      stages.stop();
    },
  };
}

/** Four decimals or, of a loss that would have few digits then, four significant ones. */
function lossText(loss: number): string {
  return Math.abs(loss) < 0.01 ? loss.toPrecision(4) : loss.toFixed(4);
}

export interface StageProgress {
  /** Shows the stage that begins; on a pipe, only once the whole has taken a second. */
  readonly onStage: OnStage;
  /** Removes the bar from the screen. */
  readonly stop: () => void;
}

/** Shows the stages of one task: a bar if stderr is a terminal, and a line for each stage otherwise. */
export function stageProgress(task: string, print: (line: string) => void): StageProgress {
  const bar = new SingleBar({ ...BAR, format: `${task} [{bar}] {value}/{total} | {stage}` });
  let unprinted: string | undefined;
  let slowAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const printStage = () => {
    if (unprinted !== undefined) print(`${task}: ${unprinted}`);
    unprinted = undefined;
  };
  return {
    onStage: (stage, done, of) => {
      if (process.stderr.isTTY) {
        bar.start(of, done, { stage });
        return;
      }
      unprinted = stage;
      slowAt ??= performance.now() + SLOW_MS;
      timer ??= setTimeout(printStage, SLOW_MS).unref();
      if (performance.now() >= slowAt) printStage();
    },
    stop: () => {
      clearTimeout(timer);
      bar.stop();
    },
  };
}

export interface TaskProgress {
  /** Prints a line about a task that has ended, and moves the bar by its size. */
  readonly onDone: (line: string, size: number) => void;
  /** Removes the bar from the screen. */
  readonly stop: () => void;
}

/** Prints a line per task and, if stderr is a terminal, a bar over the sum of their sizes there. */
export function taskProgress(total: number, print: (line: string) => void): TaskProgress {
  const bar = new SingleBar({
    ...BAR,
    format: '[{bar}] {percentage}% | {left} left',
  });
  const started = performance.now();
  let done = 0;
  const show = () => {
    if (!process.stderr.isTTY) return;
    const seconds = ((performance.now() - started) / 1000 / done) * (total - done);
    bar.start(total, done, { left: done === 0 ? 'unknown' : `${Math.ceil(seconds / 60)} min` });
  };
  show();
  return {
    onDone: (line, size) => {
      bar.stop();
      print(line);
      done += size;
      show();
    },
    stop: () => bar.stop(),
  };
}

/** Shows reading that takes longer than a second: a bar if stderr is a terminal, a line for each task otherwise. */
export function readingProgress(print: (line: string) => void) {
  const bar = new SingleBar({ ...BAR, format: '{task} [{bar}] {percentage}%' });
  const slowAt = performance.now() + SLOW_MS;
  let shown = '';
  return {
    onRead: (task: string, share: number) => {
      if (performance.now() < slowAt) return;
      if (!process.stderr.isTTY) {
        if (task !== shown) print(task);
      } else if (task !== shown) bar.start(1, share, { task });
      // Drawn some times a second, not once for each of the thousands of chunks of a large table.
      else bar.update(share);
      shown = task;
    },
    stop: () => bar.stop(),
  };
}

export interface WaitingProgress {
  /** Removes it from the screen for a line that is about to be printed. */
  readonly hide: () => void;
  /** Removes it for good. */
  readonly stop: () => void;
}

/**
 * Shows a task of unknown length once it takes longer than a second: its seconds if stderr is a terminal, and
 * otherwise a line, and another one every ten seconds.
 * @param isTold True if a line has told of the task already.
 */
export function waitingProgress(
  task: string,
  print: (line: string) => void,
  isTold = false,
): WaitingProgress {
  const bar = new SingleBar({ ...BAR, format: '{task}: {seconds} s' });
  const started = performance.now();
  let tellAt = isTold ? TOLD_SECONDS : 0;
  const show = () => {
    const seconds = Math.round((performance.now() - started) / 1000);
    if (process.stderr.isTTY) bar.start(1, 0, { task, seconds });
    else if (seconds >= tellAt) {
      print(tellAt === 0 ? task : `${task}: ${seconds} s so far`);
      tellAt = seconds - (seconds % TOLD_SECONDS) + TOLD_SECONDS;
    }
  };
  const timer = setInterval(show, SLOW_MS).unref();
  return {
    hide: () => bar.stop(),
    stop: () => {
      clearInterval(timer);
      bar.stop();
    },
  };
}
