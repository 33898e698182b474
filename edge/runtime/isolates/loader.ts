/**
 * The part of Cloudflare's Worker Loader binding used here:
 * https://developers.cloudflare.com/dynamic-workers/api-reference/
 */
import type { NumberTensor, Tensors } from '../../../shared/tensor.ts';

/** The binding `LOADER` of `worker_loaders` in wrangler.toml. */
export interface WorkerLoader {
  /**
   * Returns the isolate of this id. The code is asked for if there is none; if that fails, the id stays unusable.
   * What is returned belongs to the current request; its entrypoint has the methods of the code's default export.
   */
  get(id: string, code: () => Promise<WorkerCode>): { getEntrypoint(): unknown };
}

export interface WorkerCode {
  readonly compatibilityDate: string;
  readonly mainModule: string;
  readonly modules: Readonly<Record<string, string | { wasm: ArrayBuffer } | { json: unknown }>>;
  readonly env: Readonly<Record<string, never>>;
  /** Null: no access to any network. */
  readonly globalOutbound: null;
}

/** The program of the isolate (`runner.ts`), called by Workers RPC. */
export interface RunnerStub {
  /** Resolves once the isolate has started. Returns the number of pieces of the image that it has. */
  pieces(): Promise<number>;
  /** Takes a piece of the image, if that is the next one, of so many. Returns the number of pieces that it has. */
  take(index: number, of: number, piece: ArrayBuffer): Promise<number>;
  run(sha256: string, inputs: Tensors, outputs: readonly string[]): Promise<RunAnswer>;
}

/**
 * The outputs of a run, or why there are none: an error that is thrown would be taken for the end of the isolate.
 * `isEmpty`: the isolate does not have its image, because the platform has started it anew, or a run has trapped.
 */
export type RunAnswer =
  | { readonly outputs: Readonly<Record<string, NumberTensor>> }
  | { readonly failed: string; readonly isTrap: boolean }
  | { readonly isEmpty: true };
