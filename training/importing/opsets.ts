/** Versions of the operators that a model uses. */
import { InputError } from '../../shared/errors.ts';
import type { onnx } from '../graph/schema.ts';
import { shown } from './names.ts';

/** The domain of the standard's operators. */
export const STANDARD = 'ai.onnx';
/** The adapters around a graph use operators in the form that they have had since. */
const LOWEST = 7;

/**
 * Returns the version of every domain.
 * @throws {InputError} if there is none, the standard's is too old, or a domain has two, of which each runtime might
 * take another.
 */
export function opsetsOf(path: string, { opsetImport }: onnx.IModelProto): Record<string, number> {
  const versions = new Map<string, number>();
  for (const { domain, version } of opsetImport ?? []) {
    const [name, number] = [domain || STANDARD, Number(version ?? 0)];
    const known = versions.get(name) ?? number;
    if (known !== number) {
      throw new InputError(
        `${path}: has opset ${known} and opset ${number} of ${shown(name)}: expected one version of each domain (opset_import); export it again`,
      );
    }
    versions.set(name, number);
  }
  if (versions.size === 0)
    throw new InputError(
      `${path}: expected the versions of its operators (opset_import), found none; export it again`,
    );
  const standard = versions.get(STANDARD);
  if (standard !== undefined && standard < LOWEST) {
    throw new InputError(
      `${path}: has opset ${standard}, expected ${LOWEST} or newer; export it with opset_version=17, or convert it with onnx.version_converter`,
    );
  }
  return Object.fromEntries(versions);
}
