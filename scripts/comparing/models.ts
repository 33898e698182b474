/** The models of a comparison: read, named, and checked to be comparable. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { fittedColumns } from '../../training/artifact/describeFeatures.ts';
import { readReportSource } from '../../training/artifact/reportFiles.ts';
import { PROFILE_FILE, Profile } from '../../training/data/profile.ts';
import type { ReportSource } from '../../training/report/section.ts';
import { artifactFolder } from '../cli/artifacts.ts';

export interface ComparedModel extends ReportSource {
  readonly directory: string;
  /** The name of the model; with its version, unless the names alone tell the models apart. */
  readonly label: string;
  /** Knows which rows the model has seen; undefined for artifacts of earlier releases. */
  readonly profile: Profile | undefined;
}

/**
 * Reads two or more artifacts, given as folders, names of models or `name@version`.
 * @throws {InputError} if one does not exist, was imported or is given twice, or if they cannot be compared.
 */
export async function readCompared(given: readonly string[]): Promise<ComparedModel[]> {
  const directories = await Promise.all(given.map((each) => artifactFolder(each)));
  const read: Omit<ComparedModel, 'label'>[] = [];
  for (const directory of directories) {
    const source = await readReportSource(directory);
    read.push({ ...source, directory, profile: await profileIn(directory, source.manifest) });
  }
  const names = read.map(({ manifest }) => manifest.name);
  const isTold = new Set(names).size === names.length;
  const models = read.map((each): ComparedModel => {
    const { name, version } = each.manifest;
    return { ...each, label: isTold ? name : `${name}@${version}` };
  });
  requireDistinct(models);
  const [first, ...others] = models;
  for (const other of others) requireComparable(first!, other);
  return models;
}

async function profileIn(directory: string, { files }: Manifest): Promise<Profile | undefined> {
  if (files[PROFILE_FILE] === undefined) return undefined;
  return Profile.parse(JSON.parse(await readFile(join(directory, PROFILE_FILE), 'utf8')));
}

function requireDistinct(models: readonly ComparedModel[]): void {
  const twice = models.find(({ label }, i) => models.findIndex((each) => each.label === label) < i);
  if (twice === undefined) return;
  throw new InputError(
    `expected different models to compare, received ${twice.label} twice; a name stands for its newest version, name@version for another: ${basename(twice.directory)} is the one that was read`,
  );
}

type Described = Pick<ComparedModel, 'label' | 'manifest'>;

/** @throws {InputError} naming the difference between the rows that the models take, or what they make of them. */
export function requireComparable(first: Described, other: Described): void {
  const [one, two] = [kindOf(first.manifest), kindOf(other.manifest)];
  const found =
    one !== two
      ? ['models of one kind', `${first.label}, which ${one}, and ${other.label}, which ${two}`]
      : differenceIn(first, other);
  if (found === undefined) return;
  throw new InputError(
    `${first.label} and ${other.label} cannot be compared: expected ${found[0]}, received ${found[1]}`,
  );
}

/** Describes how the features of two models differ; undefined if they are the same. */
function differenceIn(first: Described, other: Described): [string, string] | undefined {
  const [a, b] = [first.manifest.features, other.manifest.features];
  if (first.manifest.graphs.recommend !== undefined) {
    const isShared = missingFrom(b.names!, a.names!).length < a.names!.length;
    const some = [a, b].map(({ names }) => `${names!.slice(0, 3).join(', ')}, ...`);
    return isShared ? undefined : ['recommenders of the same items', some.join(' and ')];
  }
  if (fittedColumns(first.manifest) !== undefined) {
    const lacking = only(first.label, missingFrom(b.names!, a.names!));
    const added = only(other.label, missingFrom(a.names!, b.names!));
    const found = [lacking, added].filter((text) => text !== '');
    return found.length === 0 ? undefined : ['the same columns', found.join('; ')];
  }
  if (a.count !== b.count) return ['rows of one width', `${a.count} features and ${b.count}`];
  const at = (a.names ?? []).findIndex((name, i) => b.names !== null && name !== b.names[i]);
  if (at >= 0)
    return [
      'the same features in the same order',
      `'${a.names![at]}' and '${b.names![at]}' as feature ${at}`,
    ];
  const [width, otherWidth] = [first, other].map(
    ({ manifest }) => manifest.graphs.autoencoder!.outputs[0]!.shape[1],
  );
  return width === otherWidth
    ? undefined
    : ['reconstructions of the same values', `${width} values of a row and ${otherWidth}`];
}

/** A clause that describes what a model does, and the rows that it takes. */
function kindOf(manifest: Manifest): string {
  const { recommend, forecast } = manifest.graphs;
  if (recommend !== undefined) return 'recommends items';
  if (forecast !== undefined) return 'forecasts series';
  return fittedColumns(manifest) === undefined
    ? 'reconstructs rows of numbers'
    : 'reconstructs columns of a table';
}

function missingFrom(names: readonly string[], wanted: readonly string[]): string[] {
  const known = new Set(names);
  return wanted.filter((name) => !known.has(name));
}

function only(label: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''} only in ${label}`;
}
