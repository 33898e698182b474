import { existsSync, statSync } from 'node:fs';
import { imageFolder } from '../images.ts';
import type { ArraySource } from './source.ts';

export const images: ArraySource = {
  kind: 'array',
  summary: 'folders of PNG and JPEG images',
  recognises: (location) => existsSync(location) && statSync(location).isDirectory(),
  read: imageFolder,
};
