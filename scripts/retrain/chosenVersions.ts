/** The versions that `npm run deploy` and `npm run serve` bundle, each with the reason why it is that one. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { GateError } from '../../shared/errors.ts';
import { type Artifact, readArtifact } from '../../training/artifact/artifact.ts';
import { artifactFolder, newestArtifacts, noModel } from '../cli/artifacts.ts';
import { type CandidateMark, candidateMark } from '../cli/candidates.ts';
import { readAliases } from './aliases.ts';
import { modelsIn } from './models.ts';
import type { NamingBucket } from './namingBucket.ts';
import { readStored } from './stored.ts';

export interface ChosenVersion {
  readonly artifact: Artifact;
  /** Why this version is bundled, for people. */
  readonly why: string;
  /** True if the Worker has it from its bucket, too, whose aliases name it `production`. */
  readonly isStored?: true;
}

export interface ChoiceOptions {
  /** Bucket whose aliases name the versions in production; undefined if there is none. */
  readonly naming: NamingBucket | undefined;
  /** True to bundle candidates, even refused ones. */
  readonly force: boolean;
  /** Makes artifacts if there are none. */
  readonly otherwise?: () => Promise<readonly Artifact[]>;
  /** Folder of the artifacts. */
  readonly root?: string;
}

/**
 * Chooses the versions that are given by their folders or as `name@version`. The folder or the name of a model
 * stands for the version that its aliases name `production` or, without aliases, for its newest one; nothing
 * given stands for every model.
 * @throws {GateError} for a candidate that no retraining has promoted, unless `force` is true.
 * @throws {InputError} if there is no model, and no `otherwise`.
 */
export async function chosenVersions(
  directories: readonly string[],
  { naming, force, otherwise, root = 'artifacts' }: ChoiceOptions,
): Promise<ChosenVersion[]> {
  const production = naming === undefined ? new Map<string, string>() : await productionIn(naming);
  const inProduction = async (name: string, version: string): Promise<ChosenVersion> => {
    const directory = join(root, name, version);
    const artifact = existsSync(directory)
      ? await readArtifact(directory)
      : { ...(await readStored(naming!.bucket, name, version)), directory };
    return { artifact, why: `in production according to ${naming!.where}`, isStored: true };
  };
  if (directories.length > 0) {
    return Promise.all(
      directories.map(async (given) => {
        const name = modelNamed(given, root);
        const version = production.get(name ?? '');
        if (name === undefined || version === undefined)
          return namedVersion(given, { production, force, root });
        const chosen = await inProduction(name, version);
        return { ...chosen, why: `${chosen.why}${await newestBesides(name, version, root)}` };
      }),
    );
  }
  const chosen = await Promise.all([...production].map(([name, version]) => inProduction(name, version)));
  for (const { name, directory, versions } of await newestArtifacts(root)) {
    if (production.has(name)) continue;
    const which = versions === 1 ? 'the only version' : `the newest of ${versions} versions`;
    chosen.push({
      artifact: await readArtifact(directory),
      why: `${which} in ${join(root, name)}; ${naming === undefined ? 'there are no aliases' : `not among ${naming.where}`}`,
    });
  }
  if (chosen.length > 0) {
    return chosen.toSorted((a, b) => (a.artifact.manifest.name < b.artifact.manifest.name ? -1 : 1));
  }
  if (otherwise) {
    return (await otherwise()).map((artifact) => ({ artifact, why: 'there was no model yet' }));
  }
  throw noModel();
}

/** One line per version: `digits@0a1b2c3d4e5f: in production according to ...`. */
export function choiceLines(chosen: readonly ChosenVersion[]): string[] {
  return chosen.map(({ artifact: { manifest }, why }) => `${manifest.name}@${manifest.version}: ${why}`);
}

/** The name of the model that a name or a folder below `root` stands for; undefined for a version, or a folder elsewhere. */
function modelNamed(given: string, root: string): string | undefined {
  const name = basename(given);
  return given === name || resolve(given) === resolve(root, name) ? name : undefined;
}

/** Tells of a version on this disk that is newer than the one in production; empty if there is none. */
async function newestBesides(name: string, version: string, root: string): Promise<string> {
  const newest = (await newestArtifacts(root)).find((each) => each.name === name)?.directory;
  if (newest === undefined || basename(newest) === version) return '';
  return `; give ${name}@${basename(newest)} for the newest on this disk`;
}

async function namedVersion(
  given: string,
  {
    production,
    force,
    root,
  }: {
    readonly production: ReadonlyMap<string, string>;
    readonly force: boolean;
    readonly root: string;
  },
): Promise<ChosenVersion> {
  const directory = await artifactFolder(given, root);
  const artifact = await readArtifact(directory);
  const { name, version } = artifact.manifest;
  const mark = await candidateMark(directory);
  if (mark !== undefined && !force) throw notPromoted(directory, mark);
  const named = production.get(name);
  const notes = [
    given.endsWith(version) ? 'named on the command line' : `the newest version in ${given}, as named`,
    ...(mark === undefined ? [] : [`${mark.outcome} by run ${mark.run}, bundled because of --force`]),
    ...(named === undefined || named === version ? [] : [`production is ${named}`]),
  ];
  return { artifact, why: notes.join('; ') };
}

function notPromoted(directory: string, { run, outcome, reason }: CandidateMark): GateError {
  const verdict = outcome === 'untested' ? 'was not promoted by' : `is ${outcome}, by`;
  const why = reason === undefined ? '' : ` (${reason})`;
  return new GateError(
    `${directory}: the candidate ${basename(directory)} ${verdict} retrain run ${run}${why}; --force bundles it anyway`,
  );
}

/** Returns the version in production of every model that has aliases, in alphabetical order of the names. */
async function productionIn({ bucket, files }: NamingBucket): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const file of files) {
    for (const model of await modelsIn(bucket, file)) {
      const { aliases } = await readAliases(bucket, `${model}/${file}`);
      if (aliases !== undefined && !versions.has(model)) versions.set(model, aliases.production);
    }
  }
  return versions;
}
