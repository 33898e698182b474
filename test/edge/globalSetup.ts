/** Builds the Worker under test once per run; every test file starts that build in a workerd of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Workload } from '../../scripts/freeze/workload.ts';
import { buildWorker, type WorkerBuild } from '../../scripts/worker/build.ts';
import { type BundleOptions, bundleModels } from '../../scripts/worker/bundle.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { edgeArtifacts, poorArtifacts } from '../support/artifacts/edgeArtifacts.ts';
import { bundle } from '../support/commands/bundled.ts';
import { PROCESSES, PROCESSES_VARIABLE } from '../support/commands/bundledProcesses.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    build: WorkerBuild;
    /** The bundled models of that build, for Workers of other code. */
    modelsPath: string;
    /** Frozen without having seen most of what its models can be asked for, and with nothing to fall back on. */
    poorBuild: WorkerBuild;
  }
}

/** Without the batches on which `even` fails, and with them all that onnxruntime does where something throws. */
const POOR: Workload = { batchSizes: [2, 4], errors: false };

interface Built {
  readonly build: WorkerBuild;
  readonly modelsPath: string;
  readonly poorBuild: WorkerBuild;
  readonly remove: () => Promise<void>;
}

/** Two projects have this setup: the second one takes what the first one builds, as long as that is there. */
const run = globalThis as { latentedgeBuilt?: Promise<Built> };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.latentedgeBuilt ??= builtOnce();
  const { build, modelsPath, poorBuild, remove } = await run.latentedgeBuilt;
  project.provide('build', build);
  project.provide('modelsPath', modelsPath);
  project.provide('poorBuild', poorBuild);
  return remove;
}

async function builtOnce(): Promise<Built> {
  const directory = await mkdtemp(join(tmpdir(), 'latentedge-edge-'));
  // Within the project, for packages are looked for from there.
  const processes = await mkdtemp(join(import.meta.dirname, '../../node_modules', '.processes-'));
  await bundle(PROCESSES, processes);
  process.env[PROCESSES_VARIABLE] = processes;
  const build = async (name: string, artifacts: Artifact[], options: BundleOptions) => {
    const models = await bundleModels(artifacts, join(directory, name, 'bundle'), options);
    return { models, build: await buildWorker(join(directory, name, 'worker'), models) };
  };
  const [whole, poor] = await Promise.all([
    build('worker', edgeArtifacts(), { runtime: 'frozen+stock', mcp: true }),
    build('poor', poorArtifacts(), { runtime: 'frozen', workload: POOR }),
  ]);
  const remove = async () => {
    for (const folder of [directory, processes]) await rm(folder, { recursive: true, force: true });
  };
  return { build: whole.build, modelsPath: whole.models, poorBuild: poor.build, remove };
}
