/** Leaving versions to the bucket that would not fit in a Worker next to the others. */
import type { Artifact } from '../../training/artifact/artifact.ts';
import { fits } from '../freeze/fits.ts';
import { freezableGraphs } from '../freeze/freezableGraphs.ts';
import { configuredLimits, RUNTIMES, type RuntimeName } from '../worker/runtimes.ts';
import type { ChosenVersion } from './chosenVersions.ts';

export interface BundledOptions {
  readonly runtime: RuntimeName;
  /** True if the bucket whose aliases chose the versions is that of the Worker. */
  readonly hasBucket: boolean;
  readonly print: (line: string) => void;
}

/**
 * Returns the versions to bundle: all of them, unless they would be frozen and do not fit in an isolate. Then those that
 * the Worker has from its bucket are left to that, the largest first, if its runtime can run them. Prints each one.
 */
export async function bundledVersions(
  chosen: readonly ChosenVersion[],
  { runtime, hasBucket, print }: BundledOptions,
): Promise<Artifact[]> {
  const { freezes, graphs } = RUNTIMES[runtime];
  const artifacts = chosen.map(({ artifact }) => artifact);
  if (!(hasBucket && freezes && graphs === 'all')) return artifacts;
  const limits = await configuredLimits();
  const sizeOf = (each: Artifact) =>
    freezableGraphs([each], limits).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const stored = chosen
    .filter(({ isStored }) => isStored)
    .map(({ artifact }) => artifact)
    .toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const left = new Set<Artifact>();
  const bundled = () => artifacts.filter((each) => !left.has(each));
  while (!fits(freezableGraphs(bundled(), limits)) && left.size < stored.length) {
    const largest = stored[left.size]!;
    left.add(largest);
    const { name, version } = largest.manifest;
    print(
      `${name}@${version}: not bundled, for it does not fit in the Worker's isolate; it answers from the bucket`,
    );
  }
  return bundled();
}
