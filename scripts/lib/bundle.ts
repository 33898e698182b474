/** The models that go into a Worker's upload: their graphs, and the module `latentedge:models` that imports them. */
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { graphEntries } from '../../shared/manifest.ts';
import type { Artifact } from '../../training/artifact.ts';

/**
 * Writes `models.ts` and the graphs it imports to `outDir`, and answers the path of `models.ts`.
 *
 * Graphs are named by their sha256 and `models.ts` is renamed into place last, so a build that runs meanwhile sees
 * either the old models or the new ones, whole.
 * @throws {InputError} without artifacts, or with two that have the same name and version.
 *
 * @example
 * await bundleModels([await readArtifact('artifacts/digits/0a1b2c3d4e5f')], 'artifacts/bundle');
 */
export async function bundleModels(artifacts: readonly Artifact[], outDir: string): Promise<string> {
  assertDistinct(artifacts);
  await mkdir(outDir, { recursive: true });
  const files = new Map<string, Uint8Array>();
  const entries = artifacts.map(({ manifest, graphs }) => {
    const members = graphEntries(graphs).map(([graph, bytes]) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      files.set(`${sha256}.onnx`, bytes);
      return `${graph}: graph_${sha256}`;
    });
    return `  { manifest: ${JSON.stringify(manifest)}, graphs: { ${members.join(', ')} } },`;
  });
  for (const [file, bytes] of files) await writeOnce(join(outDir, file), bytes);

  const imports = [...files.keys()].map((file) => `import graph_${file.slice(0, -5)} from './${file}';`);
  const module = ['// Written by bundleModels.', ...imports, 'export default [', ...entries, '];', ''];
  const path = join(outDir, 'models.ts');
  await replace(path, module.join('\n'));
  for (const file of await readdir(outDir)) {
    if (file.endsWith('.onnx') && !files.has(file)) await rm(join(outDir, file));
  }
  return path;
}

function assertDistinct(artifacts: readonly Artifact[]): void {
  if (artifacts.length === 0) throw new InputError('there is no model to bundle');
  const seen = new Set<string>();
  for (const { manifest, directory } of artifacts) {
    const reference = `${manifest.name}@${manifest.version}`;
    if (seen.has(reference))
      throw new InputError(`${reference} is given twice, the second time as ${directory}`);
    seen.add(reference);
  }
}

async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  // The name is the hash of the content, so a file that exists is the right one.
  if (!exists) await replace(path, bytes);
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}
