import { join } from 'node:path';

/** A file or folder of published data: in `$LATENTEDGE_DATA`, or where it lies beside the repository. */
export function published(name: string): string {
  return join(process.env.LATENTEDGE_DATA ?? '../shared/data', name);
}
