import { existsSync, statSync } from 'node:fs';
import { isGlob, matchingFiles } from '../duckdb/files.ts';
import { imageFiles, imageFolder } from '../images.ts';
import type { ArraySource } from './source.ts';

export const images: ArraySource = {
  kind: 'array',
  summary: 'folders and globs of PNG and JPEG images',
  recognises: (location) => isFolder(location) || (isGlob(location) && /\.(png|jpe?g)$/i.test(location)),
  read: async (location, options) =>
    isFolder(location)
      ? imageFolder(location, options)
      : imageFiles(location, await matchingFiles(location), options),
};

function isFolder(location: string): boolean {
  return existsSync(location) && statSync(location).isDirectory();
}
