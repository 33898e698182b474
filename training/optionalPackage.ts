/** Packages that a project installs only if it uses the features that need them. */
import { InputError } from '../shared/errors.ts';

/**
 * Loads a package, and returns the result of `load`.
 * @param need The feature and its verb, for instance `the engine tfjs needs`.
 * @throws {InputError} with the command that installs the package, if it is not installed.
 */
export async function optionalPackage<Module>(
  name: string,
  need: string,
  load: () => Module | Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw missingPackage(name, need, cause);
  }
}

/** Loads a package synchronously, otherwise like `optionalPackage`. */
export function optionalPackageSync<Module>(name: string, need: string, load: () => Module): Module {
  try {
    return load();
  } catch (cause) {
    throw missingPackage(name, need, cause);
  }
}

function missingPackage(name: string, need: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isMissing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  // If the package itself is installed but lacks one of its dependencies, that is another error.
  if (!isMissing || !message.includes(name)) return cause;
  return new InputError(`${need} the package ${name}: npm install --save-dev ${name}`);
}
