/** The packages as npm would publish them, and projects that install them. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { buildPackages } from '../../../scripts/package/buildPackages.ts';

export type PackageName = 'latentedge' | 'latentedge-client';

export interface Packed {
  /** Folder that was packed, and the archive of it. */
  readonly folder: string;
  readonly tarball: string;
}

/** The environment of a user: without what npm passes on of this repository's configuration, which runs no scripts. */
export const USER_ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)),
);

/** npm as a user runs it. */
export const npm = (cwd: string, ...args: string[]) =>
  promisify(execFile)('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: USER_ENVIRONMENT });

/** Builds both packages and packs them: once per run, for all tests, which must not change what they get. */
export async function packPackages(): Promise<Record<PackageName, Packed>> {
  const folder = join(inject('commands'), 'packages');
  const done = join(folder, 'packed.json');
  try {
    mkdirSync(folder);
  } catch {
    // Another test is at it. If it fails, so does this one, when its time is up.
    while (!existsSync(done)) await sleep(200);
    return JSON.parse(readFileSync(done, 'utf8'));
  }
  const packed = await pack(folder);
  writeFileSync(`${done}.new`, JSON.stringify(packed));
  renameSync(`${done}.new`, done);
  return packed;
}

async function pack(folder: string): Promise<Record<PackageName, Packed>> {
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
