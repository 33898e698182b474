/** The packages as npm would publish them, and projects that install them. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildPackages } from '../../../scripts/package/buildPackages.ts';

export type PackageName = 'latentedge' | 'latentedge-client';

export interface Packed {
  /** Folder that was packed, and the archive of it. */
  readonly folder: string;
  readonly tarball: string;
}

/** npm as a user runs it. */
export const npm = (cwd: string, ...args: string[]) =>
  promisify(execFile)('npm', [...args, '--no-audit', '--no-fund'], { cwd });

/** Builds both packages and packs them into `folder`. */
export async function packPackages(folder: string): Promise<Record<PackageName, Packed>> {
  const folders = await buildPackages(join(folder, 'dist'));
  const packed: Partial<Record<PackageName, Packed>> = {};
  for (const each of folders) {
    const { stdout } = await npm(each, 'pack', '--json', '--pack-destination', folder);
    const [{ name, filename }] = JSON.parse(stdout) as [{ name: PackageName; filename: string }];
    packed[name] = { folder: each, tarball: join(folder, filename) };
  }
  return packed as Record<PackageName, Packed>;
}

/** Writes the files of a project, by their paths in its folder; objects as JSON. */
export function writeProject(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}

/** A project like another one, with the packages that this one has installed. */
export function copyProject(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}
