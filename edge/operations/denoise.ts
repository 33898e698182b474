import { reconstruct } from './reconstruct.ts';

/**
 * `POST /v1/models/{name}[@{version}]/denoise`: rows reconstructed by a model that was trained on corrupted
 * rows.
 */
export const denoise = {
  ...reconstruct,
  summary: 'Removes noise from rows in raw units; only denoising models offer it.',
};
