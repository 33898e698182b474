/**
 * Dependencies inside the package, without what latentedge does not use of them. Installing onnxruntime-node from the
 * registry would run a script that downloads libraries for NVIDIA's GPUs from another host, which takes long or fails;
 * onnxruntime-web has ten times the size that is needed of it; onnx-proto depends on an old release of protobufjs,
 * which brings its compiler, and runs a script, too.
 */
import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PACKAGE_FOLDER } from '../cli/places.ts';

/** Systems that latentedge runs on; npm refuses to install it on others. */
export const SYSTEMS = ['linux', 'darwin'] as const;

/** Files that are kept, by the path in their package. */
const KEPT = {
  // macOS's library is there twice; the name with the major version alone is the one that is loaded.
  'onnxruntime-node': new RegExp(
    `^(README\\.md|dist/.*|bin/[^/]+/(${SYSTEMS.join('|')})/(?!.*libonnxruntime\\.\\d+\\.\\d+\\.\\d+\\.dylib$).*)$`,
  ),
  'onnxruntime-common': /^(README\.md|dist\/(cjs|esm)\/.*\.(js|json|d\.ts))$/,
  'onnxruntime-web':
    /^(README\.md|types\.d\.ts|dist\/ort\.wasm\.(bundle\.)?min\.m?js|dist\/ort-wasm-simd-threaded\.(mjs|wasm))$/,
} as const;

/** ONNX's messages, and what reads and writes them: one file with all of it. */
const MESSAGES = 'onnx-proto';

/**
 * Dependencies of the package that come with it; onnxruntime-common is a dependency of these, which npm then expects
 * with them.
 */
export const BUNDLED = ['onnxruntime-node', 'onnxruntime-web', MESSAGES] as const;

/** Copies the packages into `node_modules` of the library. */
export async function bundlePackages(library: string): Promise<void> {
  await bundleMessages(join(library, 'node_modules', MESSAGES));
  const license = await readFile(join(PACKAGE_FOLDER, 'LICENSE'), 'utf8');
  for (const [name, kept] of Object.entries(KEPT)) {
    const from = join(PACKAGE_FOLDER, 'node_modules', name);
    const to = join(library, 'node_modules', name);
    for (const path of await readdir(from, { recursive: true })) {
      if (kept.test(path) && (await stat(join(from, path))).isFile())
        await cp(join(from, path), join(to, path));
    }
    await writeFile(join(to, 'package.json'), await description(from, kept));
    // All are under the same license as latentedge, by another holder.
    const holder = 'Copyright (c) Microsoft Corporation';
    await writeFile(join(to, 'LICENSE'), license.replace(/^Copyright.*$/m, holder));
  }
}

async function bundleMessages(to: string): Promise<void> {
  const modules = join(PACKAGE_FOLDER, 'node_modules');
  const from = join(modules, MESSAGES);
  const { name, version, license, main } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
  await build({
    ...{ entryPoints: [join(from, main)], outfile: join(to, main) },
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'es2022', legalComments: 'eof' },
  });
  // onnx-proto itself comes without the text of its license, MIT.
  const licenses = ['protobufjs', 'protobufjs/node_modules/long'].map((each) =>
    readFile(join(modules, each, 'LICENSE'), 'utf8'),
  );
  await writeFile(join(to, 'LICENSE'), (await Promise.all(licenses)).join('\n'));
  await writeFile(join(to, 'package.json'), JSON.stringify({ name, version, license, main }, null, 2));
}

/** The package.json without scripts, without exports of files that are left out, and without what only these depend on. */
async function description(from: string, kept: RegExp): Promise<string> {
  const {
    scripts: _,
    devDependencies: __,
    dependencies,
    exports,
    ...own
  } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
  const isKept = (target: unknown) =>
    JSON.stringify(target)
      .match(/"\.\/[^"]+"/g)!
      .every((path) => kept.test(JSON.parse(path).slice(2)));
  return JSON.stringify(
    {
      ...own,
      ...(exports && {
        exports: Object.fromEntries(Object.entries(exports).filter(([, target]) => isKept(target))),
      }),
      ...(dependencies && { dependencies: { 'onnxruntime-common': dependencies['onnxruntime-common'] } }),
    },
    null,
    2,
  );
}
