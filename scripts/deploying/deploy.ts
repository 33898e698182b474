/** `npm run deploy`: bundling models, and uploading the Worker with them to Cloudflare. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { EXIT, printer } from '../cli/command.ts';
import { kib } from '../cli/kib.ts';
import { bundledVersions } from '../retrain/bundledVersions.ts';
import { type ChosenVersion, choiceLines, chosenVersions } from '../retrain/chosenVersions.ts';
import { deployedNaming } from '../retrain/namingBucket.ts';
import { withAnswers } from '../retrain/stored.ts';
import { accountBucket } from '../retrain/targets/cloudflare.ts';
import { publishArtifact } from '../store/publish.ts';
import { writeAssets } from '../worker/assets.ts';
import { exceeded, LIMITS, PLANS, type Plan } from '../worker/budget/limits.ts';
import { type ApiAccess, type BudgetFigures, measureBudget } from '../worker/budget/measureBudget.ts';
import { monthlyCost, PRICES, VOLUMES } from '../worker/budget/prices.ts';
import { renderBudget, renderCost } from '../worker/budget/render.ts';
import { buildWorker } from '../worker/build.ts';
import { makeBuildFolder } from '../worker/buildFolder.ts';
import { bundleModels } from '../worker/bundle.ts';
import { BUNDLED, codeOf, recordText } from '../worker/bundledRecord.ts';
import { configuredRuntime, lacksLoader } from '../worker/runtimes.ts';
import { wrangler } from '../worker/wranglerCommand.ts';
import { isWholeApi } from '../worker/wranglerConfig.ts';

export interface DeployOptions {
  readonly check?: boolean;
  readonly cost?: boolean;
  readonly plan: Plan;
  readonly mount?: string;
  readonly header: readonly string[];
  readonly dryRun?: boolean;
  readonly force: boolean;
  readonly json?: boolean;
}

const WITHOUT_LOADER =
  'RUNTIME is "dynamic", but wrangler.toml has no worker_loaders with the binding LOADER: versions of the bucket will run in the Worker\'s own isolate';

/** Bundles models, builds the Worker and, unless it is only to be measured, uploads it. */
export async function deploy(directories: string[], options: DeployOptions): Promise<void> {
  const { check, cost, dryRun, json, force } = options;
  const print = printer(json);
  const access = await accessOf(options);
  const naming = await deployedNaming(print);
  const chosen = await chosenVersions(directories, { naming, force }).finally(() => naming?.close());
  for (const line of choiceLines(chosen)) print(line);
  const artifacts = await bundledVersions(chosen, {
    ...{ runtime: await configuredRuntime(), hasBucket: naming?.isAccount === true, print },
  });
  const manifests = artifacts.map(({ manifest }) => manifest);
  const models = chosen.map(({ artifact: { manifest }, why }) => ({
    name: manifest.name,
    version: manifest.version,
    why,
  }));
  if (await lacksLoader()) print(WITHOUT_LOADER);
  // The folder that wrangler.toml refers to, so that wrangler's own commands use the same models.
  const bundle = await bundleModels(artifacts, join('artifacts', 'bundle'), { print });
  const folder = await makeBuildFolder();
  try {
    await writeAssets(bundle, artifacts, { print });
    const build = await buildWorker(folder.path, bundle);
    const { bytes, gzipBytes } = build;
    if (check || cost) {
      const figures = await measureBudget(build, manifests, access);
      const budget = check ? checkBudget(figures, options) : { figures };
      if (cost) print(renderCost(figures));
      if (json) console.log(JSON.stringify({ models, ...budget, ...(cost && { cost: costs(figures) }) }));
      return;
    }
    // The limit is the same on every plan.
    const limit = LIMITS.upload.limits.free * 1024;
    const verdict = bytes <= limit ? 'fits' : 'does not fit';
    print(`upload: ${kib(bytes)} (${kib(gzipBytes)} gzip); Cloudflare allows ${kib(limit)}: ${verdict}`);
    if (!dryRun) {
      if (naming?.isAccount) await publishChosen(chosen, print);
      const versions = Object.fromEntries(manifests.map(({ name, version }) => [name, version]));
      process.exitCode = upload(json, recordText({ models: versions, code: await codeOf(build) }));
    }
    if (json)
      console.log(
        JSON.stringify({ models, bytes, gzipBytes, uploaded: !dryRun && process.exitCode === EXIT.done }),
      );
  } finally {
    folder.remove();
  }
}

/**
 * Returns how the API of the Worker is called to measure it.
 * @throws {InputError} for a Worker of the user's own that does not say where its API is.
 */
async function accessOf({ check, cost, mount, header }: DeployOptions): Promise<ApiAccess> {
  if ((check || cost) && mount === undefined && !(await isWholeApi())) {
    throw new InputError(
      `${check ? '--check' : '--cost'} sends requests to the API, which this Worker mounts at a path of its own: add --mount <path>, for instance --mount /ml; a Worker that only calls models in its code cannot be measured, but --dry-run reports its size`,
    );
  }
  const entries = header.map((each) => {
    const [, name, value] = /^([\w-]+): *(.+)$/.exec(each) ?? [];
    if (name === undefined) throw new InputError(`--header: expected 'Name: value', received '${each}'`);
    return [name, value!] as const;
  });
  return { path: (mount ?? '').replace(/\/$/, ''), headers: Object.fromEntries(entries) };
}

/** Prints the verdicts. Sets exit code 1 if a limit of the plan is exceeded. */
function checkBudget(figures: BudgetFigures, { plan, json }: DeployOptions) {
  const over = exceeded(figures, plan);
  const print = printer(json);
  print(renderBudget(figures));
  print(
    over.length === 0
      ? `fits the ${plan} plan`
      : `does not fit the ${plan} plan: ${over.map((name) => LIMITS[name].title).join('; ')}`,
  );
  if (over.length > 0) process.exitCode = EXIT.failed;
  return { plan, fits: over.length === 0, exceeded: over, figures };
}

/** Dollars a month by plan, for each number of requests; null for more than the plan answers. */
function costs({ meanRequest }: BudgetFigures) {
  return {
    ...{ asOf: PRICES.asOf, source: PRICES.source },
    months: VOLUMES.map((requests) => ({
      requests,
      ...Object.fromEntries(PLANS.map((plan) => [plan, monthlyCost(plan, requests, meanRequest) ?? null])),
    })),
  };
}

/** Puts the bundled versions into the account's bucket: a later retraining builds Workers with them. */
async function publishChosen(chosen: readonly ChosenVersion[], print: (line: string) => void): Promise<void> {
  const bucket = await accountBucket();
  // Those that are not on this disk came from the bucket.
  const own = chosen.filter(({ artifact: { directory } }) => existsSync(directory));
  for (const { artifact } of own) await publishArtifact(bucket, await withAnswers(artifact));
  if (own.length > 0) print('published the versions to the bucket, too');
}

/**
 * Runs `wrangler deploy`, which logs in and prints its own report: to stderr with `--json`. Returns the exit
 * code.
 * @param record Text of the variable that tells what was bundled.
 */
function upload(json: boolean | undefined, record: string): number {
  const { command: program, args, env } = wrangler(['deploy', '--var', `${BUNDLED}:${record}`]);
  const { status } = spawnSync(program, args, { env, stdio: ['inherit', json ? 2 : 'inherit', 'inherit'] });
  return status === 0 ? EXIT.done : EXIT.failed;
}
