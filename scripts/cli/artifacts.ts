/** Finding artifacts on disk: `artifacts/<model>/<version>/manifest.json`. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { ModelName, ModelVersion } from '../../shared/manifest.ts';
import { type Artifact, readArtifact } from '../../training/artifact/artifact.ts';
import { commandLine } from './places.ts';

/** The folder in which commands look for models. */
const ROOT = 'artifacts';

/** The description of an argument that `artifactFolder` takes, for `--help`. */
export const A_MODEL =
  'name of a model in ./artifacts (its newest version), name@version, or a folder of either';
/** The same for several. */
export const MODELS =
  'names of models in ./artifacts (their newest versions), name@version, or folders of either';

/** The newest version of a model on this disk. */
export interface NewestArtifact {
  readonly name: string;
  readonly directory: string;
  /** Number of versions to choose from. */
  readonly versions: number;
}

/**
 * Returns the newest version of every model under `root`. Ignores folders that are not artifacts, and
 * candidates of retrainings.
 */
export async function newestArtifacts(root = ROOT): Promise<NewestArtifact[]> {
  const names = await foldersIn(root, ModelName);
  const newest = await Promise.all(
    names.map(async (name) => {
      const versions = await foldersIn(join(root, name), ModelVersion);
      return { name, directory: await newestVersion(join(root, name)), versions: versions.length };
    }),
  );
  return newest.filter((each): each is NewestArtifact => each.directory !== undefined);
}

/** Returns the folders of all versions of a model under `root`, by its name; empty if there is none. */
export async function versionFolders(name: string, root = ROOT): Promise<string[]> {
  return (await foldersIn(join(root, name), ModelVersion)).map((version) => join(root, name, version));
}

/** The error of a command that needs a model while there is none. */
export function noModel(): InputError {
  return new InputError(
    `there is no model in ${ROOT}: make one with "${commandLine('train')} <recipe>", for instance with the recipe digits`,
  );
}

/**
 * Returns the folder of an artifact: `directory` itself or, if that is the folder or the name of a model, its
 * newest version. `name@version` is a version below `root`.
 * @throws {InputError} listing the existing models, if it is none of these.
 */
export async function artifactFolder(directory: string, root = ROOT): Promise<string> {
  if (existsSync(join(directory, 'manifest.json'))) return directory;
  const named = join(root, ...directory.split('@'));
  if (directory.includes('@') && existsSync(join(named, 'manifest.json'))) return named;
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
 * The same for a command that answers by a model, which prints what a name stands for if there are several versions: the
 * one in production may be another.
 */
export async function chosenFolder(given: string, print: (line: string) => void): Promise<string> {
  const folder = await artifactFolder(given);
  const [version, name] = [basename(folder), basename(dirname(folder))];
  const isNamed = given === folder || given.endsWith(`@${version}`);
  const versions = isNamed ? [] : await foldersIn(dirname(folder), ModelVersion);
  if (versions.length > 1)
    print(
      `${name}@${version}: the newest of ${versions.length} versions on this disk, not necessarily the one in production; ${name}@<version> names another`,
    );
  return folder;
}

/**
 * Reads the artifacts in the given folders; the folder of a model stands for its newest version. Without
 * folders, reads the newest version of every model in ./artifacts.
 * @throws {InputError} if there is no artifact.
 */
export async function chosenArtifacts(directories: readonly string[]): Promise<Artifact[]> {
  const named = await Promise.all(directories.map((each) => artifactFolder(each)));
  const chosen = named.length > 0 ? named : (await newestArtifacts()).map(({ directory }) => directory);
  if (chosen.length > 0) return Promise.all(chosen.map(readArtifact));
  throw noModel();
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
