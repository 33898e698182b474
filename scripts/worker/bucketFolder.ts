import { join } from 'node:path';

/** Folder of the model bucket of `npm run serve`. */
export const BUCKET_FOLDER = join('artifacts', '.bucket');
