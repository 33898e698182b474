/**
 * Release of models that are bundled with the Worker (`RUNTIME = "frozen"`): every version of a model is a
 * version of the Worker, and a canary is a gradual deployment
 * (https://developers.cloudflare.com/workers/configuration/versions-and-deployments/). Each change starts from
 * what is deployed at that moment, and changes one model in it.
 */
import { GateError, InputError } from '../../../shared/errors.ts';
import type { ModelBucket } from '../../store/bucket.ts';
import { readText } from '../../store/text.ts';
import type { ApiAccess } from '../../worker/budget/measureBudget.ts';
import { readWorkerSettings } from '../../worker/wranglerToml.ts';
import { deployCommand } from '../nextCommand.ts';
import { readStored } from '../stored.ts';
import {
  bundledIn,
  type DeployedVersion,
  deployedVersion,
  hasSameOthers,
  isSameButFor,
} from './deployedVersion.ts';
import type { Release } from './release.ts';
import { uploadWith } from './uploadWith.ts';
import {
  ChangedSecretsError,
  type Deployment,
  isSame,
  type Share,
  shownShares,
  swapDeployment,
  type WorkersApi,
} from './workersApi.ts';
import type { RunWrangler } from './wrangler.ts';

/** Key of the aliases; `aliases.json` would be read by Workers. */
const keyOf = (model: string) => `${model}/deployed.json`;
/** Key of the object that holds the id of a version of the Worker with this version of a model. */
const workerKey = (model: string, version: string) => `${model}/${version}/worker.json`;

export interface VersionsOptions {
  readonly bucket: ModelBucket;
  /** Opens the API of the Worker with this name. */
  readonly api: (worker: string) => WorkersApi;
  readonly wrangler: RunWrangler;
  /** True to build with the code and settings of this folder, even if others are deployed. */
  readonly replaceCode: boolean;
  readonly access: ApiAccess;
}

/** The deployment that answers now: the version with the largest share, and all versions. */
interface InForce {
  readonly deployment: Deployment;
  readonly base: DeployedVersion;
  readonly versions: readonly DeployedVersion[];
}

export function versionsRelease({
  bucket,
  api: open,
  wrangler,
  replaceCode,
  access,
}: VersionsOptions): Release {
  const apiOf = async () => open((await readWorkerSettings()).name);

  const inForce = async (api: WorkersApi): Promise<InForce> => {
    const [deployment] = await api.deployments();
    const largest = deployment?.shares.toSorted((a, b) => b.percentage - a.percentage) ?? [];
    if (deployment === undefined || largest.length === 0) {
      throw new InputError('the Worker is not deployed yet: expected a deployment, which others replace', {
        next: `to deploy it, once: ${deployCommand()}`,
      });
    }
    const versions: DeployedVersion[] = [];
    for (const { id } of largest) versions.push(await deployedVersion(api, id));
    return { deployment, base: versions[0]!, versions };
  };

  /** Returns the id of the version of the Worker that was uploaded last with this version of a model. */
  const uploadedId = async (model: string, version: string | undefined): Promise<string | undefined> => {
    const stored = version && (await readText(bucket, workerKey(model, version)));
    return stored ? (JSON.parse(stored.text) as { id: string }).id : undefined;
  };

  /** True for a version that differs from `base` in one model alone, or was uploaded in its place. */
  const isOwn = async (base: DeployedVersion, each: DeployedVersion, model: string): Promise<boolean> =>
    each === base ||
    isSameButFor(base, each, model) ||
    (hasSameOthers(base, each, model) && (await uploadedId(model, each.models[model])) === each.id);

  /** @throws {GateError} if somebody has a gradual deployment in progress that is not one of this model. */
  const requireOwn = async ({ deployment, base, versions }: InForce, model: string): Promise<void> => {
    const answering = versions.filter(({ id }) => shareOf(deployment, id) > 0);
    const own = await Promise.all(answering.map((each) => isOwn(base, each, model)));
    if (own.every(Boolean)) return;
    throw new GateError(
      `a gradual deployment of the Worker is in progress (${shownShares(deployment.shares)}): finish it with npx wrangler versions deploy, then try again`,
    );
  };

  /** Builds a version of the Worker that differs from `base` in one model, and returns its id. */
  const built = async (
    api: WorkersApi,
    base: DeployedVersion,
    model: string,
    version: string | undefined,
  ): Promise<string> => {
    const { [model]: _, ...others } = base.models;
    const models = version === undefined ? others : { ...others, [model]: version };
    const artifacts = await Promise.all(
      Object.entries(models).map(([name, each]) => readStored(bucket, name, each)),
    );
    const id = await uploadWith({ artifacts, models, base, api, wrangler, replaceCode, access });
    if (version !== undefined) await bucket.put(workerKey(model, version), JSON.stringify({ id }));
    return id;
  };

  /** Finds a version of the Worker that differs from what is deployed in nothing but this model. */
  const existing = async (
    api: WorkersApi,
    { base, versions }: InForce,
    model: string,
    version: string | undefined,
  ): Promise<string | undefined> => {
    for (const each of versions)
      if (each.models[model] === version && (await isOwn(base, each, model))) return each.id;
    const id = await uploadedId(model, version);
    const found = id && (await api.version(id));
    const known = found ? bundledIn(found) : undefined;
    const fits = known?.models[model] === version && isSameButFor(base, known!, model);
    return fits ? id : undefined;
  };

  /**
   * Deploys versions of one model with their shares; undefined stands for the Worker without the model. A
   * version of the Worker from before a secret changed would take the secret back, which Cloudflare refuses: a
   * new one is then built.
   */
  const deploy = async (
    model: string,
    wanted: readonly (readonly [version: string | undefined, percentage: number])[],
  ): Promise<void> => {
    const api = await apiOf();
    const now = await inForce(api);
    await requireOwn(now, model);
    const sharesWith = async (find: typeof existing): Promise<Share[]> => {
      const shares: Share[] = [];
      for (const [version, percentage] of wanted) {
        const id = (await find(api, now, model, version)) ?? (await built(api, now.base, model, version));
        shares.push({ id, percentage });
      }
      return shares;
    };
    const named = wanted.filter(([version]) => version !== undefined);
    const message = named.map(([version, percentage]) => `${model}@${version} ${percentage} %`).join(', ');
    const swap = async (shares: readonly Share[]): Promise<void> => {
      if (isSame(shares, now.deployment.shares)) return;
      await swapDeployment(api, now.deployment, shares, message);
    };
    try {
      await swap(await sharesWith(existing));
    } catch (error) {
      if (!(error instanceof ChangedSecretsError)) throw error;
      // What is deployed has the secrets of now.
      await swap(
        await sharesWith(async (_, { base }, name, version) =>
          base.models[name] === version ? base.id : undefined,
        ),
      );
    }
  };

  return {
    key: keyOf,
    ifDamaged: 'Workers do not read it, and answer as before',
    ifGone: 'Workers do not read it, and answer as before',
    hasShadows: false,
    prepare: async ({ manifest: { name, version } }) => {
      const api = await apiOf();
      const { base } = await inForce(api);
      const champion = base.models[name];
      if (champion === version) return;
      // A rollback then finds the version of the Worker that it returns to.
      if (champion !== undefined) {
        await bucket.put(workerKey(name, champion), JSON.stringify({ id: base.id }));
      }
      // At 0 %, a version answers only requests that name its id.
      await deploy(name, [
        [champion, 100],
        [version, 0],
      ]);
    },
    follow: async (model, { production, canary } = {}) => {
      await deploy(
        model,
        canary === undefined
          ? [[production, 100]]
          : [
              [production, 100 - canary.percentage],
              [canary.version, canary.percentage],
            ],
      );
      return undefined;
    },
    withdraw: async (model, version) => {
      const api = await apiOf();
      const { deployment, base, versions } = await inForce(api);
      const own = versions.find((each) => each.models[model] === version);
      if (own === undefined || own === base || shareOf(deployment, own.id) > 0) return;
      const rest = deployment.shares.filter(({ id }) => id !== own.id);
      await swapDeployment(api, deployment, rest, `without ${model}@${version}`);
    },
    address: async (model, version) => {
      const { name: worker } = await readWorkerSettings();
      const { versions } = await inForce(await apiOf());
      const id = versions.find((each) => each.models[model] === version)?.id;
      if (id === undefined) {
        throw new InputError(`${model}@${version} is not part of the Worker as it is deployed now`);
      }
      const headers = { 'Cloudflare-Workers-Version-Overrides': `${worker}="${id}"` };
      return { selector: version, headers };
    },
  };
}

function shareOf({ shares }: Deployment, id: string): number {
  return shares.find((each) => each.id === id)?.percentage ?? 0;
}
