import { FROZEN_MODULES, type FrozenFileName } from '../../../shared/frozenModule.ts';
import type { FrozenModule } from './frozenModule.ts';
import type { WorkerCode } from './loader.ts';

interface PartOfModule {
  readonly module: FrozenModule;
  /** Index of the part. */
  readonly part: number;
}

/** Reads what the isolate of a part of a module starts with. */
export async function codeOf({ module, part }: PartOfModule): Promise<WorkerCode> {
  const file = (name: FrozenFileName) => module.file(module.manifest.parts[part]!, name);
  const text = async (name: FrozenFileName) => new TextDecoder().decode(await file(name));
  const { runner, wasm, image, description } = FROZEN_MODULES;
  return {
    compatibilityDate: module.manifest.compatibilityDate,
    mainModule: runner,
    modules: {
      [runner]: await text('runner'),
      [wasm]: { wasm: (await file('wasm')).buffer },
      [image]: { data: (await file('image')).buffer },
      [description]: { json: JSON.parse(await text('description')) },
    },
    env: {},
    globalOutbound: null,
  };
}
