/** Builds the Worker under test once per run; every test file starts that build in a workerd of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleModels } from '../../scripts/lib/bundle.ts';
import { buildWorker, type WorkerBuild } from '../../scripts/lib/worker.ts';
import { edgeArtifacts } from '../support/edgeArtifacts.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    build: WorkerBuild;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'latentedge-edge-'));
  const models = await bundleModels(edgeArtifacts(), join(directory, 'bundle'));
  project.provide('build', await buildWorker(join(directory, 'worker'), models));
  return () => rm(directory, { recursive: true });
}
