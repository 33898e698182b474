/** Packages that only some features need, which a project installs if it uses them. */
import { InputError } from '../shared/errors.ts';

/**
 * Returns what `load` returns.
 * @param need What needs the package, as the subject of a sentence.
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

/** The same for what is loaded synchronously. */
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
  // A package that is there but lacks one of its own is another error.
  if (!isMissing || !message.includes(name)) return cause;
  return new InputError(`${need} the package ${name}: npm install --save-dev ${name}`);
}
