/** Finding artifacts on disk: `artifacts/<model>/<version>/manifest.json`. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { ModelName, ModelVersion } from '../../shared/manifest.ts';
import { type Artifact, readArtifact } from '../../training/artifact/artifact.ts';

/** Where commands look for models. */
const ROOT = 'artifacts';

/**
 * Returns the folder of the newest version of every model under `root`. Ignores folders that are not
 * artifacts.
 */
async function newestArtifacts(root: string): Promise<string[]> {
  const newest = await Promise.all(
    (await foldersIn(root, ModelName)).map((name) => newestVersion(join(root, name))),
  );
  return newest.filter((directory) => directory !== undefined);
}

/**
 * Returns the folder of an artifact: `directory` itself or, if that is the folder or the name of a model, its
 * newest version.
 * @throws {InputError} with the models that there are, if it is none of these.
 */
export async function artifactFolder(directory: string, root = ROOT): Promise<string> {
  if (existsSync(join(directory, 'manifest.json'))) return directory;
  const newest = (await newestVersion(directory)) ?? (await newestVersion(join(root, directory)));
  if (newest !== undefined) return newest;
  if (existsSync(directory)) return directory;
  const names = await foldersIn(root, ModelName);
  const known = names.map((name) => join(root, name));
  const near = didYouMean(directory, known) || didYouMean(directory, names);
  throw new InputError(
    `${directory}: does not exist; expected the folder or the name of a model, of which ${root} has ${names.join(', ') || 'none'}${near}`,
  );
}

/**
 * Reads the artifacts in the given folders; the folder of a model stands for its newest version. Without
 * folders, reads the newest version of every model in ./artifacts. If there is none, returns the artifact
 * that `otherwise` makes.
 * @throws {InputError} if there is no artifact, and no `otherwise`.
 */
export async function chosenArtifacts(
  directories: readonly string[],
  otherwise?: () => Promise<Artifact>,
): Promise<Artifact[]> {
  const named = await Promise.all(directories.map((each) => artifactFolder(each)));
  const chosen = named.length > 0 ? named : await newestArtifacts(ROOT);
  if (chosen.length > 0) return Promise.all(chosen.map(readArtifact));
  if (otherwise) return [await otherwise()];
  throw new InputError(
    `there is no model in ${ROOT}: make one with "npm run demo" or "npm run train -- digits"`,
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

/** Names of the folders that the schema accepts; empty if `directory` does not exist or is a file. */
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
