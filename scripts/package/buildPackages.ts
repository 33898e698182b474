/** Building both packages, ready to be published. */
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../cli/places.ts';
import { PACKAGE_AGENTS } from '../init/agents.ts';
import { buildPlayground } from '../playground/build.ts';
import { bundlePackages } from './bundledPackages.ts';
import { clientDeclarations } from './clientTypes.ts';
import { writeDeclarations } from './declarations.ts';
import { writeDocs } from './docs.ts';
import { buildClient, buildLibrary } from './javascript.ts';
import { clientPackage, libraryPackage } from './packageJson.ts';
import { readmeOf } from './readme.ts';

/** Writes the packages into `folder`, replacing earlier builds, and returns their folders. */
export async function buildPackages(folder: string): Promise<string[]> {
  const [library, client] = [join(folder, 'latentedge'), join(folder, 'latentedge-client')];
  for (const each of [library, client]) {
    await rm(each, { recursive: true, force: true });
    await mkdir(each, { recursive: true });
    await copyFile(join(PACKAGE_FOLDER, 'LICENSE'), join(each, 'LICENSE'));
  }
  await copyFile(join(PACKAGE_FOLDER, 'CHANGELOG.md'), join(library, 'CHANGELOG.md'));
  const playground = await buildPlayground(join(library, 'playground'));
  await Promise.all([buildLibrary(library, playground), buildClient(client)]);
  await writeDeclarations(library);
  await writeFile(join(library, 'edge/index.d.ts'), WORKER_DECLARATIONS);
  await writeFile(join(client, 'index.d.ts'), clientDeclarations());
  await writeBin(library);
  await writeDocs(library);
  await writeFile(join(library, 'AGENTS.md'), PACKAGE_AGENTS);
  await bundlePackages(library);
  await writeJson(join(library, 'package.json'), await libraryPackage());
  await writeJson(join(client, 'package.json'), await clientPackage());
  await writeFile(join(library, 'README.md'), readmeOf('latentedge'));
  await writeFile(join(client, 'README.md'), readmeOf('latentedge-client'));
  return [library, client];
}

const WORKER_DECLARATIONS = `/** The Worker: \`export { default } from 'latentedge/worker'\` in the module that \`main\` of wrangler.toml names. */
import type { jobsWorkflow } from './jobsEntrypoint.js';
import type { rpcEntrypoint } from './rpc.js';

declare const worker: {
  fetch(request: Request, env: unknown, context: { waitUntil(work: Promise<unknown>): void }): Response | Promise<Response>;
};
export default worker;

/** The operations as methods for other Workers, through a service binding with this entrypoint. */
export declare const LatentedgeEntrypoint: ReturnType<typeof rpcEntrypoint>;

/** The Workflow of jobs, for the binding \`JOBS_WORKFLOW\`. */
export declare const LatentedgeJobs: ReturnType<typeof jobsWorkflow>;
`;

/** Writes the command \`latentedge\`, which loads the module of a command when it is called. */
async function writeBin(library: string): Promise<void> {
  const path = join(library, 'bin/latentedge.js');
  await mkdir(join(library, 'bin'));
  await writeFile(
    path,
    `#!/usr/bin/env node
import { main } from "../scripts/latentedge.js";

await main(process.argv.slice(2));
`,
  );
  await chmod(path, 0o755);
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
