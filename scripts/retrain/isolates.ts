/** Versions in isolates of their own: freezing them for a target, and finding out where they run. */
import type { Manifest } from '../../shared/manifest.ts';
import { freezeModuleIfPossible } from '../worker/frozenModule.ts';
import { unlessInterrupted } from './interruptible.ts';
import type { StoredArtifact } from './stored.ts';
import type { Target } from './targets/target.ts';

/**
 * Returns a version as a target needs it: with a frozen module, if its Worker has isolates for versions.
 * @throws {GateError} if the frozen version answers differently from onnxruntime-web.
 * @throws {InterruptedError} as soon as the signal is aborted.
 */
export async function frozenFor(
  { hasIsolates }: Pick<Target, 'hasIsolates'>,
  version: StoredArtifact,
  print: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<StoredArtifact> {
  if (!hasIsolates || version.frozen !== undefined) return version;
  return { ...version, frozen: await unlessInterrupted(freezeModuleIfPossible(version, { print }), signal) };
}

/** Prints where a version that answers runs, if the Worker of the target has isolates for versions. */
export async function printPlace(
  { hasIsolates, live }: Pick<Target, 'hasIsolates' | 'live'>,
  { name, version }: Pick<Manifest, 'name' | 'version'>,
  print: (line: string) => void,
): Promise<void> {
  if (!hasIsolates) return;
  const stats = await live.stats();
  const own = stats?.isolates?.filter((each) => each.version === `${name}@${version}`).length ?? 0;
  const place = own === 1 ? 'a frozen isolate' : `${own} frozen isolates`;
  if (own > 0) return print(`${name}@${version} answers from ${place} of its own`);
  const reason =
    stats === undefined
      ? 'the key has no scope admin, so it is not known where it runs'
      : stats.isolates === null
        ? "answers from the Worker's own isolate: the Worker has no binding LOADER (worker_loaders)"
        : "answers from the Worker's own isolate, or from one that another isolate of the Worker has started";
  print(`${name}@${version}: ${reason}`);
}
