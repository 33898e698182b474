/** Finding artifacts on disk: `artifacts/<model>/<version>/manifest.json`. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { ModelName, ModelVersion } from '../../shared/manifest.ts';
import { type Artifact, readArtifact } from '../../training/artifact/artifact.ts';

/** The folders of the newest version of every model under `root`; folders that are not artifacts are left alone. */
async function newestArtifacts(root: string): Promise<string[]> {
  const newest = await Promise.all(
    (await foldersIn(root, ModelName)).map((name) => newestVersion(join(root, name))),
  );
  return newest.filter((directory) => directory !== undefined);
}

/** The folder of an artifact or, where it is that of a model, of its newest version. */
export async function artifactFolder(directory: string): Promise<string> {
  if (existsSync(join(directory, 'manifest.json'))) return directory;
  return (await newestVersion(directory)) ?? directory;
}

/**
 * The artifacts in the given folders, of those of models the newest version; without any, the newest version of every model in ./artifacts, and where there is
 * none, the one that `otherwise` makes.
 * @throws {InputError} where there is no artifact, and nothing makes one.
 */
export async function chosenArtifacts(
  directories: readonly string[],
  otherwise?: () => Promise<Artifact>,
): Promise<Artifact[]> {
  const root = 'artifacts';
  const named = await Promise.all(directories.map(artifactFolder));
  const chosen = named.length > 0 ? named : await newestArtifacts(root);
  if (chosen.length > 0) return Promise.all(chosen.map(readArtifact));
  if (otherwise) return [await otherwise()];
  throw new InputError(
    `there is no model in ${root}: make one with "npm run demo" or "npm run train -- digits"`,
  );
}

async function newestVersion(modelDirectory: string): Promise<string | undefined> {
  const versions = await foldersIn(modelDirectory, ModelVersion);
  const directories = versions.map((version) => join(modelDirectory, version));
  const dated = await Promise.all(
    directories.map(async (directory) => ({ directory, madeAt: (await stat(directory)).mtimeMs })),
  );
  return dated.sort((a, b) => b.madeAt - a.madeAt)[0]?.directory;
}

/** Names of the folders that the schema accepts; none where `directory` does not exist, or is a file. */
async function foldersIn(directory: string, schema: typeof ModelName): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && schema.safeParse(entry.name).success);
    return folders.map(({ name }) => name).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
