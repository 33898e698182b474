/** Other versions of Node than the one that runs the tests: npm packages carry their binaries. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './packed.ts';

/** Versions that latentedge is for. */
export const NODE_VERSIONS = ['20', '22', '24'] as const;
export type NodeVersion = (typeof NODE_VERSIONS)[number];

/** Installs a version of Node below `folder`, and returns the path of its binary. */
export async function installNode(folder: string, version: NodeVersion): Promise<string> {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const own = join(folder, `node-${version}`);
  mkdirSync(own, { recursive: true });
  await npm(own, 'install', '--no-save', '--prefix', own, `${name}@${version}`);
  return join(own, 'node_modules', name, 'bin/node');
}
