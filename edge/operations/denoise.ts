import { reconstruct } from './reconstruct.ts';

/** `POST /v1/models/{name}[@{version}]/denoise`: what models that are trained on corrupted rows reconstruct of them. */
export const denoise = {
  ...reconstruct,
  summary: 'Rows without their noise, in raw units; offered by denoising models.',
};
