import { freezeModuleIfPossible } from '../worker/frozenModule.ts';
import type { StoredArtifact } from './stored.ts';
import type { Target } from './targets/target.ts';

/**
 * Returns a version as a target needs it: with a frozen module, if its Worker has isolates for versions.
 * @throws {GateError} if the frozen version answers differently from onnxruntime-web.
 */
export async function frozenFor(
  { hasIsolates }: Pick<Target, 'hasIsolates'>,
  version: StoredArtifact,
  print: (line: string) => void,
): Promise<StoredArtifact> {
  if (!hasIsolates || version.frozen !== undefined) return version;
  return { ...version, frozen: await freezeModuleIfPossible(version, { print }) };
}
