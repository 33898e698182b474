/**
 * Release of models that are bundled with the Worker (`RUNTIME = "frozen"`): every version of a model is a
 * version of the Worker, and a canary is a gradual deployment
 * (https://developers.cloudflare.com/workers/configuration/versions-and-deployments/).
 */
import { join } from 'node:path';
import { GateError, InputError } from '../../../shared/errors.ts';
import { commandLine } from '../../cli/places.ts';
import type { ModelBucket } from '../../store/bucket.ts';
import { readText } from '../../store/text.ts';
import { exceeded, LIMITS } from '../../worker/budget/limits.ts';
import { measureBudget } from '../../worker/budget/measureBudget.ts';
import { makeBuildFolder } from '../../worker/buildFolder.ts';
import { bundleModels } from '../../worker/bundle.ts';
import { buildWorker } from '../../worker/worker.ts';
import { readWorkerSettings } from '../../worker/wranglerToml.ts';
import { readAliases } from '../aliases.ts';
import { modelsIn } from '../models.ts';
import { readStored, type StoredArtifact } from '../stored.ts';
import type { Release } from './release.ts';
import { type RunWrangler, uploadedVersion } from './wrangler.ts';

/** Key of the aliases; `aliases.json` would be read by Workers. */
const keyOf = (model: string) => `${model}/deployed.json`;
/** Key of the object that holds the id of the Worker's version for a version of a model. */
const workerKey = (model: string, version: string) => `${model}/${version}/worker.json`;

export function versionsRelease(bucket: ModelBucket, run: RunWrangler): Release {
  const idOf = async (model: string, version: string): Promise<string> => {
    const stored = await readText(bucket, workerKey(model, version));
    if (stored !== undefined) return (JSON.parse(stored.text) as { id: string }).id;
    throw new InputError(
      `${model}@${version} is not part of any version of the Worker: publish it with "${commandLine('retrain')} <recipe>"`,
    );
  };
  const deploy = async (shares: readonly (readonly [id: string, percentage: number])[]) => {
    const targets = shares.map(([id, percentage]) => `${id}@${percentage}%`);
    await run(['versions', 'deploy', ...targets, '--yes']);
  };
  return {
    key: keyOf,
    prepare: async (version) => {
      const { name, version: own } = version.manifest;
      if ((await readText(bucket, workerKey(name, own))) === undefined) {
        const id = await upload(version, await others(bucket, name), run);
        await bucket.put(workerKey(name, own), JSON.stringify({ id }));
      }
      const { aliases } = await readAliases(bucket, keyOf(name));
      const id = await idOf(name, own);
      if (aliases === undefined) return deploy([[id, 100]]);
      // At 0 %, a version answers only requests that name its id.
      await deploy([
        [await idOf(name, aliases.production), 100],
        [id, 0],
      ]);
    },
    follow: async (model, { production, canary }) => {
      const id = await idOf(model, production);
      if (canary === undefined) return deploy([[id, 100]]);
      await deploy([
        [id, 100 - canary.percentage],
        [await idOf(model, canary.version), canary.percentage],
      ]);
    },
    address: async (model, version) => {
      const { name: worker } = await readWorkerSettings();
      const override = `${worker}="${await idOf(model, version)}"`;
      return { selector: version, headers: { 'Cloudflare-Workers-Version-Overrides': override } };
    },
  };
}

/** Reads the production versions of all other models, which each upload must include. */
async function others(bucket: ModelBucket, model: string): Promise<StoredArtifact[]> {
  const names = (await modelsIn(bucket, 'deployed.json')).filter((each) => each !== model);
  return Promise.all(
    names.map(async (name) => {
      const { aliases } = await readAliases(bucket, keyOf(name));
      return readStored(bucket, name, aliases!.production);
    }),
  );
}

/**
 * Uploads a Worker with the models and returns the id of its version.
 * @throws {GateError} if it exceeds Cloudflare's limits.
 */
async function upload(
  version: StoredArtifact,
  rest: readonly StoredArtifact[],
  run: RunWrangler,
): Promise<string> {
  const { path: folder, remove } = await makeBuildFolder();
  try {
    const artifacts = [version, ...rest].map((each) => ({ ...each, directory: each.manifest.version }));
    const models = await bundleModels(artifacts, join(folder, 'bundle'));
    const build = await buildWorker(join(folder, 'build'), models);
    const figures = await measureBudget(
      build,
      artifacts.map(({ manifest }) => manifest),
    );
    const over = exceeded(figures, 'paid').map((each) => LIMITS[each].title);
    if (over.length > 0)
      throw new GateError(`the Worker would exceed Cloudflare's limits: ${over.join('; ')}`);
    const { name, version: own } = version.manifest;
    const config = join(folder, 'build', 'wrangler.json');
    return uploadedVersion(
      await run(['versions', 'upload', '--config', config, '--tag', own, '--message', `${name}@${own}`]),
    );
  } finally {
    remove();
  }
}
