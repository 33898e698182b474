/** Building and uploading a version of the Worker that differs from a deployed one in one model. */
import { join } from 'node:path';
import { GateError } from '../../../shared/errors.ts';
import { writeAssets } from '../../worker/assets.ts';
import { exceeded, LIMITS } from '../../worker/budget/limits.ts';
import { type ApiAccess, measureBudget } from '../../worker/budget/measureBudget.ts';
import { buildWorker } from '../../worker/build.ts';
import { makeBuildFolder } from '../../worker/buildFolder.ts';
import { bundleModels } from '../../worker/bundle.ts';
import { BUNDLED, codeOf, recordText } from '../../worker/bundledRecord.ts';
import type { StoredArtifact } from '../stored.ts';
import { changedSettings, type DeployedVersion, deployedVersion } from './deployedVersion.ts';
import type { WorkersApi } from './workersApi.ts';
import { type RunWrangler, uploadedVersion } from './wrangler.ts';

export interface UploadOptions {
  readonly artifacts: readonly StoredArtifact[];
  /** Version of every model, by name. */
  readonly models: Readonly<Record<string, string>>;
  /** The deployed version of the Worker. */
  readonly base: DeployedVersion;
  readonly api: WorkersApi;
  readonly wrangler: RunWrangler;
  readonly replaceCode: boolean;
  readonly access: ApiAccess;
}

/**
 * Uploads a version of the Worker with the models, and returns its id. Nothing is deployed.
 * @throws {GateError} if it exceeds Cloudflare's limits, or if its code or settings are not those deployed
 * and `replaceCode` is false.
 */
export async function uploadWith({
  artifacts: stored,
  models,
  base,
  api,
  wrangler,
  replaceCode,
  access,
}: UploadOptions): Promise<string> {
  const { path: folder, remove } = await makeBuildFolder();
  try {
    // A bucket has no maps of training rows: those that are public come from this folder.
    const artifacts = stored.map((each) => {
      const { name, version } = each.manifest;
      return { ...each, directory: join('artifacts', name, version) };
    });
    const bundle = await bundleModels(artifacts, join(folder, 'bundle'));
    await writeAssets(bundle, artifacts);
    const build = await buildWorker(join(folder, 'build'), bundle);
    const code = await codeOf(build);
    if (code !== base.code && !replaceCode)
      throw otherThanDeployed(`code or variables (${base.code}, here ${code})`);
    const manifests = artifacts.map(({ manifest }) => manifest);
    const figures = await measureBudget(build, manifests, access);
    const over = exceeded(figures, 'paid').map((each) => LIMITS[each].title);
    if (over.length > 0)
      throw new GateError(`the Worker would exceed Cloudflare's limits: ${over.join('; ')}`);
    const config = join(folder, 'build', 'wrangler.json');
    const changed = Object.entries(models).filter(([name, version]) => base.models[name] !== version);
    const references = changed.map(([name, version]) => `${name}@${version}`).join(', ');
    const id = uploadedVersion(
      await wrangler([
        ...['versions', 'upload', '--config', config],
        ...['--var', `${BUNDLED}:${recordText({ models, code })}`],
        ...['--tag', changed[0]?.[1] ?? code, '--message', references || 'the same models'],
      ]),
    );
    const settings = changedSettings(base, await deployedVersion(api, id));
    if (settings.length > 0 && !replaceCode) throw otherThanDeployed(settings.join(', '));
    return id;
  } finally {
    remove();
  }
}

function otherThanDeployed(what: string): GateError {
  return new GateError(
    `the deployed Worker has other ${what} than this folder: expected the same, so that only models change`,
    {
      next: 'bring the folder up to date, or run again with --replace-code, which replaces what is deployed',
    },
  );
}
