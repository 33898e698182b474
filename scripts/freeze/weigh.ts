/** The memory that graphs take once they are loaded. */
import { InputError } from '../../shared/errors.ts';
import { capture } from './capture.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { readRuntime } from './runtimePackage.ts';

export interface WeighInput {
  /** Folder of the onnxruntime-web; undefined for the installed one. */
  readonly runtime: string | undefined;
  readonly graphs: readonly FreezableGraph[];
}

/**
 * Loads graphs, and returns the bytes of the memory that holds all of them.
 * @throws {InputError} if onnxruntime-web refuses one of them.
 */
export async function weigh({ runtime, graphs }: WeighInput): Promise<number> {
  const { captured } = await capture(await readRuntime(runtime), graphs);
  for (const [{ label }, reason] of captured.refused)
    throw new InputError(`${label} cannot be frozen: ${reason}`);
  return captured.memory.length;
}
