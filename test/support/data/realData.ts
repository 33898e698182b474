/** Published data for tests whose file names end in `.data.test.ts`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedName } from '../../../training/recipes/published.ts';

/** `LATENTEDGE_DATA`, or `../shared/data` next to the repository. */
export function dataRoot(): string {
  return process.env.LATENTEDGE_DATA ?? join(import.meta.dirname, '../../../../shared/data');
}

/** A file or folder of the published data. @throws {Error} when it is absent. */
export function realData(name: PublishedName): string {
  const path = join(dataRoot(), name);
  if (existsSync(path)) return path;
  throw new Error(
    `${path}: this test needs published data; set LATENTEDGE_DATA to the folder that holds ${name}`,
  );
}
