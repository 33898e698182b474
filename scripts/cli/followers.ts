/** Receivers of a run's figures while it trains: files, TensorBoard, MLflow, a page on this machine. */
import { join } from 'node:path';
import { type HistoryWriter, jsonLines } from '../../training/fitting/history.ts';
import { tensorBoard } from '../../training/fitting/tensorBoard.ts';
import { mlflowRun } from './mlflow.ts';
import { watchPage } from './watchPage.ts';

/** The flags that name them. */
export interface Following {
  /** File that the history is written to, as JSON lines. */
  readonly history?: string;
  /** Folder of TensorBoard's logs, in which each run has a folder of its own. */
  readonly tensorboard?: string;
  /** Address of an MLflow tracking server, to which settings, losses and metrics are sent. */
  readonly mlflow?: string;
  /** True to serve a page that draws the losses while the run trains. */
  readonly livePage?: boolean;
}

export interface FollowedRun {
  /** Name of the model. */
  readonly name: string;
  readonly epochs: number;
  /** Settings and what else was chosen, by name. */
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Followers extends HistoryWriter {
  /** @param metrics Metrics of the model; undefined if the run has left none. */
  readonly close: (metrics: Readonly<Record<string, number>> | undefined) => Promise<void>;
}

/**
 * Opens all that were asked for, and prints where they are.
 * @throws {InputError} if a server cannot be reached.
 */
export async function followersOf(
  { history, tensorboard, mlflow, livePage }: Following,
  { name, epochs, params }: FollowedRun,
  print: (line: string) => void,
): Promise<Followers> {
  const writers: HistoryWriter[] = [];
  if (history !== undefined) writers.push(jsonLines(history));
  if (tensorboard !== undefined) {
    const folder = join(tensorboard, `${name}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
    print(`event files: ${folder}; tensorboard --logdir ${tensorboard}`);
    writers.push(tensorBoard(folder));
  }
  const tracked =
    mlflow === undefined
      ? undefined
      : await mlflowRun({ url: mlflow, experiment: name, run: name, params, print });
  const page = livePage ? await watchPage(name, epochs) : undefined;
  if (page !== undefined) print(`watch: ${page.url}`);
  const all = [...writers, tracked, page].filter((each) => each !== undefined);
  return {
    onStart: (epochs) => {
      for (const each of all) each.onStart(epochs);
    },
    onEpoch: (epoch) => {
      for (const each of all) each.onEpoch(epoch);
    },
    close: async (metrics) => {
      page?.close();
      await tracked?.finish(metrics);
    },
  };
}
