import { FROZEN_MODULES, type FrozenPart } from '../../../shared/frozenModule.ts';
import type { FrozenModule } from './frozenModule.ts';
import type { WorkerCode } from './loader.ts';

/** Reads what the isolate of a part of a module starts with: all but the image. */
export async function codeOf({ file, manifest }: FrozenModule, { files }: FrozenPart): Promise<WorkerCode> {
  const { runner, wasm, description } = FROZEN_MODULES;
  const [program, compiled, described] = await Promise.all([
    file(files.runner),
    file(files.wasm),
    file(files.description),
  ]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    compatibilityDate: manifest.compatibilityDate,
    mainModule: runner,
    modules: {
      [runner]: text(program),
      [wasm]: { wasm: compiled.buffer },
      [description]: { json: JSON.parse(text(described)) },
    },
    env: {},
    globalOutbound: null,
  };
}
