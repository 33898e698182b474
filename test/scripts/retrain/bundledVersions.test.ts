import { expect, it } from 'vitest';
import { bundledVersions } from '../../../scripts/retrain/bundledVersions.ts';
import type { ChosenVersion } from '../../../scripts/retrain/chosenVersions.ts';
import type { RuntimeName } from '../../../scripts/worker/runtimes.ts';
import { sha256 } from '../../../training/artifact/artifact.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';

/** A version with one graph of this size, and nothing else that matters here. */
function versionOf(name: string, megabytes: number, isStored: boolean): ChosenVersion {
  const { manifest, ...rest } = linearArtifact({ name, operations: ['encode'] });
  const encoder = new Uint8Array(megabytes * 1e6);
  const spec = { ...manifest.graphs.encoder!, sha256: sha256(encoder), bytes: encoder.length };
  const artifact = { ...rest, manifest: { ...manifest, graphs: { encoder: spec } }, graphs: { encoder } };
  return { artifact, why: 'the test', ...(isStored && { isStored: true as const }) };
}

async function bundled(chosen: readonly ChosenVersion[], runtime: RuntimeName, hasBucket = true) {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const versions = await bundledVersions(chosen, { runtime, hasBucket, print });
  return { names: versions.map(({ manifest }) => manifest.name), lines };
}

const small = versionOf('small', 1, true);
const movies = versionOf('movies', 30, true);
const large = versionOf('large', 20, false);

it('bundles what fits', async () => {
  expect(await bundled([small, movies], 'dynamic')).toEqual({ names: ['small', 'movies'], lines: [] });
});

it('leaves the largest to the bucket if the isolate has no room for all, and says so', async () => {
  const { names, lines } = await bundled([small, movies, large], 'dynamic');
  expect(names).toEqual(['small', 'large']);
  expect(lines).toEqual([expect.stringMatching(/^movies@\w+: not bundled, .* answers from the bucket$/)]);
});

it('bundles what the Worker has from nowhere else', async () => {
  const everything = ['small', 'movies', 'large'];
  expect((await bundled([small, movies, large], 'frozen')).names).toEqual(everything);
  expect((await bundled([small, movies, large], 'dynamic', false)).names).toEqual(everything);
});
