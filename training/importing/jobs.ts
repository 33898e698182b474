/** Runs of graphs that were made elsewhere, which may be anything: endless, crashing, or wrong. */
import type { Tensors } from '../../shared/tensor.ts';
import { type OutputTensors, openNative, openWasm } from '../engines/inference.ts';

const RUNTIMES = { native: openNative, wasm: openWasm } as const;

export type RuntimeKind = keyof typeof RUNTIMES;

/** One graph, run on some inputs. */
export interface Job {
  readonly runtime: RuntimeKind;
  readonly model: Uint8Array;
  readonly feeds: readonly Tensors[];
}

export type JobResult =
  | { readonly outputs: readonly OutputTensors[] }
  /** The message of the runtime that refused to load the graph, or to run it. */
  | { readonly failure: string; readonly stage: 'load' | 'run' };

/**
 * Runs jobs in order, and returns their results in the same order.
 * @throws {InputError} if they take too long, or end the process that runs them.
 */
export type RunJobs = (jobs: readonly Job[]) => Promise<readonly JobResult[]>;

/** Runs jobs in this process: for graphs that are known to end. */
export const runJobs: RunJobs = async (jobs) => {
  const results: JobResult[] = [];
  for (const job of jobs) results.push(await runJob(job));
  return results;
};

async function runJob({ runtime, model, feeds }: Job): Promise<JobResult> {
  let stage: 'load' | 'run' = 'load';
  try {
    const session = await RUNTIMES[runtime](model);
    stage = 'run';
    const outputs: OutputTensors[] = [];
    for (const each of feeds) outputs.push(await session.runTensors(each));
    await session.release();
    return { outputs };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error), stage };
  }
}
