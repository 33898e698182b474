/** Composing an image of all graphs, and the WebAssembly that runs it, from what was observed of each model. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { capture } from './capture.ts';
import { collectGarbage } from './collectGarbage.ts';
import { encodeImage } from './encodeImage.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import type { Observation } from './observe.ts';
import { readRuntime } from './runtimePackage.ts';
import { descriptionOf, withoutUnread } from './unread.ts';
import { type FunctionCounts, slim } from './wasm/slim.ts';

export interface ComposeInput {
  /** Where the files are written. */
  readonly folder: string;
  /** Folder of the onnxruntime-web; undefined for the installed one. */
  readonly runtime: string | undefined;
  readonly graphs: readonly FreezableGraph[];
  readonly observed: Pick<Observation, 'environmentHash' | 'loading' | 'running' | 'read'>;
  /** True to also make a slim runtime, which can still load graphs. */
  readonly loads: boolean;
}

export interface Composed {
  readonly description: ImageDescription;
  readonly functions: FunctionCounts;
  /** Bytes of the files, and of the original WebAssembly. */
  readonly bytes: Readonly<Record<'wasm' | 'image' | 'stock', number>>;
  readonly slim?: { readonly bytes: number; readonly functions: FunctionCounts };
}

/** Names of the files. */
export const IMAGE_FILES = { wasm: 'runtime.wasm', image: 'image.bin', slim: 'slim.wasm' } as const;

/** Writes the files into `folder`. Returns undefined if the environment is not the one that was observed. */
export async function compose({ folder, ...input }: ComposeInput): Promise<Composed | undefined> {
  const runtime = await readRuntime(input.runtime);
  const { captured } = await capture(runtime, input.graphs);
  if (captured.environmentHash !== input.observed.environmentHash) return undefined;
  // The runtime that was captured is not needed any more, but its memory is outside of V8's heap.
  collectGarbage();
  const write = async (file: keyof typeof IMAGE_FILES, bytes: Uint8Array) => {
    await writeFile(join(folder, IMAGE_FILES[file]), bytes);
    return bytes.length;
  };
  const { globals } = captured;
  const running = new Set(input.observed.running);
  const runner = slim(runtime.wasm, { globals, ran: running });
  const loader = input.loads
    ? slim(runtime.wasm, { ran: new Set([...running, ...input.observed.loading]) })
    : undefined;
  const description = descriptionOf(captured, runtime);
  const image = encodeImage(withoutUnread(captured, new Set(input.observed.read)));
  return {
    description,
    functions: runner.functions,
    bytes: {
      wasm: await write('wasm', runner.bytes),
      image: await write('image', image),
      stock: runtime.wasm.length,
    },
    ...(loader && { slim: { bytes: await write('slim', loader.bytes), functions: loader.functions } }),
  };
}
