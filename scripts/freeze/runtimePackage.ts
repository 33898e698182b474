/** The onnxruntime-web package to freeze: its WebAssembly, and Emscripten's JavaScript for it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EmscriptenModule } from '../../edge/runtime/frozen/create.ts';
import type { Factory } from '../../edge/runtime/frozen/instance.ts';
import { InputError } from '../../shared/errors.ts';
import { type FreezableLayout, readLayout } from './runtimeLayout.ts';

const NAME = 'ort-wasm-simd-threaded';
const FILES = ['package.json', `dist/${NAME}.mjs`, `dist/${NAME}.wasm`];

export interface RuntimePackage {
  readonly version: string;
  /** Path of the JavaScript. */
  readonly factoryPath: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly layout: FreezableLayout;
  readonly factory: Factory<EmscriptenModule>;
  /** Path of the package's public API, as Workers and browsers use it. */
  readonly modulePath: string;
}

/**
 * Reads an installed onnxruntime-web.
 * @param folder Folder of the package. Default: the one that this project depends on.
 * @throws {InputError} if it cannot be read, or has an unknown layout.
 */
export async function readRuntime(folder?: string): Promise<RuntimePackage> {
  const root = rootOf(folder);
  const [packageJson, factoryText, wasm] = await Promise.all(FILES.map((file) => read(join(root, file))));
  const { version } = JSON.parse(packageJson!.toString()) as { version: string };
  const factoryPath = join(root, 'dist', `${NAME}.mjs`);
  const { default: factory } = (await import(pathToFileURL(factoryPath).href)) as {
    default: Factory<EmscriptenModule>;
  };
  return {
    ...{ version, factoryPath, factory },
    wasm: new Uint8Array(wasm!),
    layout: readLayout(version, factoryText!.toString(), new Uint8Array(wasm!)),
    modulePath: join(root, 'dist', 'ort.wasm.min.mjs'),
  };
}

/** Returns the hash of an installed onnxruntime-web. @throws {InputError} if it cannot be read. */
export async function runtimeHash(folder?: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(await read(join(rootOf(folder), file)));
  return hash.digest('hex');
}

function rootOf(folder: string | undefined): string {
  return folder === undefined ? installed() : resolve(folder);
}

function installed(): string {
  const require = createRequire(import.meta.url);
  return dirname(dirname(require.resolve(`onnxruntime-web/${NAME}.wasm`)));
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`expected the folder of an installed onnxruntime-web, but ${path} cannot be read`, {
      cause,
    });
  }
}
