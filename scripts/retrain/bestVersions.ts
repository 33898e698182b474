/** The versions of models that `npm run serve -- --best` serves: those with the best recorded metric. */
import { basename } from 'node:path';
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { betterOf } from '../../shared/metricDirection.ts';
import { splitSeedOf } from '../../shared/splitSeed.ts';
import { type Artifact, readArtifact } from '../../training/artifact/artifact.ts';
import { figure } from '../../training/report/format.ts';
import { newestArtifacts, noModel, versionFolders } from '../cli/artifacts.ts';
import { commandLine } from '../cli/places.ts';
import type { ChosenVersion } from './chosenVersions.ts';

/**
 * Chooses the best version of each of the models, given by their names or folders, or of all models.
 * @throws {InputError} for a model that does not exist, and for a metric that none of its versions has.
 */
export async function bestVersions(
  given: readonly string[],
  metric: string,
  root = 'artifacts',
): Promise<ChosenVersion[]> {
  const known = (await newestArtifacts(root)).map(({ name }) => name);
  if (known.length === 0) throw noModel();
  const names = given.length === 0 ? known : given.map((each) => basename(each));
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new InputError(
      `--best: expected names of models in ${root}, of which it chooses the version: ${known.join(', ')}; received '${name}'${didYouMean(name, known)}`,
    );
  }
  return Promise.all(names.map((name) => bestOf(name, metric, root)));
}

async function bestOf(name: string, metric: string, root: string): Promise<ChosenVersion> {
  const versions = await Promise.all((await versionFolders(name, root)).map(readArtifact));
  const better = betterOf(metric);
  const measured = versions.filter(({ manifest }) => manifest.metrics[metric] !== undefined);
  if (better === undefined || measured.length === 0) throw noMetric(name, metric, versions);
  const figureOf = ({ manifest }: Artifact) => manifest.metrics[metric]!;
  const sign = better === 'lower' ? 1 : -1;
  const best = measured.reduce((a, b) => (sign * figureOf(b) < sign * figureOf(a) ? b : a));
  const rows = new Set(
    measured.map(({ manifest }) => `${manifest.data.fingerprint}/${splitSeedOf(manifest)}`),
  );
  const apart =
    rows.size > 1
      ? `; the versions were measured on different rows: ${commandLine('compare')} ${name}@... measures them on the same`
      : '';
  const rank = better === 'lower' ? 'lowest' : 'highest';
  const why = `the ${rank} ${metric} of ${measured.length} ${measured.length === 1 ? 'version' : 'versions'}, ${figure(figureOf(best))}${apart}`;
  return { artifact: best, why };
}

function noMetric(name: string, metric: string, versions: readonly Artifact[]): InputError {
  const names = new Set(versions.flatMap(({ manifest }) => Object.keys(manifest.metrics)));
  const rating = [...names].filter((each) => betterOf(each) !== undefined);
  return new InputError(
    `--best: expected a metric of ${name} that rates it: ${rating.join(', ') || 'it has none'}; received '${metric}'${didYouMean(metric, rating)}`,
  );
}
