/**
 * The versions that were promoted on this machine, noted outside of its bucket: a bucket that is lost looks like that of
 * a model without any version, whose first one is compared with nothing.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../training/files.ts';

export interface PromotedHere {
  /** Names of the models that have one. */
  models(): Promise<string[]>;
  /** Returns the version of a model that was put into production last; undefined if there is none. */
  of(model: string): Promise<string | undefined>;
  note(model: string, version: string): Promise<void>;
  /** Where that of a model is noted. */
  path(model: string): string;
}

/** @param folder Has a file for each model. */
export function promotedHere(folder: string): PromotedHere {
  const path = (model: string) => join(folder, model);
  return {
    path,
    models: () => readdir(folder).catch(ifMissing([])),
    of: async (model) => (await readFile(path(model), 'utf8').catch(ifMissing(undefined)))?.trim(),
    note: async (model, version) => {
      await mkdir(folder, { recursive: true });
      await replaceFile(path(model), [`${version}\n`]);
    },
  };
}

function ifMissing<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
