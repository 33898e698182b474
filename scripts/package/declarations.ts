/** The packages' declarations, written by the TypeScript compiler except where its output is hard to read. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_FOLDER } from '../cli/places.ts';
import { clientDeclarations } from './clientTypes.ts';
import { settingDeclarations } from './settingTypes.ts';

/** Public modules; their declarations and those that they import are part of the package. */
const FACES = [
  'training/index',
  'training/extend',
  'shared/manifest',
  'edge/library',
  'edge/bundled',
  'edge/rpc',
  'edge/jobsEntrypoint',
];
/** Declarations of modules that only exist when a Worker is built, which the compiler needs to see. */
const AMBIENT = [
  ...['edge/models/bundledModels', 'edge/runtime/frozen', 'edge/runtime/wasm'],
  ...['edge/docs/text', 'edge/workers'],
];
/** Packages that a project need not install: without them, types that refer to them are `any`. */
const OPTIONAL =
  /^(import .* from ["'](?:@tensorflow\/[^']*|cloudflare:workers|ml-matrix|onnx-proto|vega-lite[^']*)["'];)$/gm;

/** Relative imports of TypeScript files, in declarations and in the types that they infer. */
const TS_IMPORT = /((?:from |import\()["']\.{1,2}\/[^"']*)\.ts(["'])/g;

/** Writes the library's declarations into `folder`, and returns the paths of the files relative to it. */
export async function writeDeclarations(folder: string): Promise<string[]> {
  const emitted = await mkdtemp(join(tmpdir(), 'latentedge-types-'));
  try {
    const problems = await emit(emitted);
    const files = await reachable(
      emitted,
      FACES.map((face) => `${face}.d.ts`),
    );
    const own = problems.filter((line) => files.has(line.replace(/\.ts\(.*/s, '.d.ts')));
    if (own.length > 0)
      throw new Error(`the declarations of a public module cannot be written:\n${own.join('\n')}`);
    for (const [file, text] of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), packaged(file, text));
    }
    await writeFile(join(folder, 'edge/client.d.ts'), clientDeclarations());
    return [...files.keys()];
  } finally {
    await rm(emitted, { recursive: true });
  }
}

/**
 * Returns the compiler's errors, one per line. Errors in files that no public module imports do not matter.
 */
async function emit(outDir: string): Promise<string[]> {
  const config = join(outDir, 'tsconfig.json');
  const options = {
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, rewriteRelativeImportExtensions: true },
    ...{ outDir, rootDir: PACKAGE_FOLDER, typeRoots: [join(PACKAGE_FOLDER, 'node_modules/@types')] },
  };
  const files = [...FACES.map((face) => `${face}.ts`), ...AMBIENT.map((name) => `${name}.d.ts`)];
  await writeFile(
    config,
    JSON.stringify({
      extends: join(PACKAGE_FOLDER, 'tsconfig.json'),
      compilerOptions: options,
      include: [],
      files: files.map((file) => join(PACKAGE_FOLDER, file)),
    }),
  );
  const compiler = join(PACKAGE_FOLDER, 'node_modules/typescript/lib/tsc.js');
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', config], { cwd: PACKAGE_FOLDER });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    const lines = stdout?.split('\n').filter((line) => / error TS\d+: /.test(line)) ?? [];
    if (lines.length === 0) throw error;
    return lines;
  }
}

/**
 * Replaces the type of the app, which includes every handler of the server, by that of the client, which
 * lists the same routes.
 */
function withClientRoutes(text: string): string {
  return text.replaceAll(
    /^import (?:type )?\{ (?:type )?AppType[^}]*\} from ["']\.\/app\.ts["'];$/gm,
    "import type { AppType } from './client.js';",
  );
}

/** Returns the declarations that `roots` import, directly or indirectly, by their paths. */
async function reachable(folder: string, roots: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const visit = async (file: string): Promise<void> => {
    if (files.has(file)) return;
    const text = withClientRoutes(await readFile(join(folder, file), 'utf8'));
    files.set(file, text);
    for (const [, specifier] of text.matchAll(/(?:from |import\()["'](\.{1,2}\/[^"']*)\.ts["']/g))
      await visit(relative('', join(dirname(file), `${specifier}.d.ts`)));
  };
  for (const root of roots) await visit(root);
  return files;
}

function packaged(file: string, text: string): string {
  const imports = text
    .replaceAll(TS_IMPORT, '$1.js$2')
    .replaceAll(OPTIONAL, '// @ts-ignore: an optional package\n$1');
  return file === 'training/settings.d.ts' ? withSettings(imports) : imports;
}

const INFERRED = /(?:\/\*\*[^*]*\*\/\n)?export type Settings<[\s\S]*?;\n/;

function withSettings(text: string): string {
  if (!INFERRED.test(text)) throw new Error('training/settings.d.ts: expected the type Settings, found none');
  const own =
    '/** Settings of a run of a variant; everything has a default. */\nexport type Settings<V extends VariantChoice> = (V extends keyof VariantSettings ? VariantSettings[V] : z.input<VariantConfig<V>>) & TrainingSettings;\n';
  return text.replace(INFERRED, `${settingDeclarations()}\n${own}`);
}
