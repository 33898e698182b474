/**
 * `npm run build`: writes what `wrangler deploy` uploads next to the Worker: the models with their frozen runtime, and
 * the playground. Without any model, those of the demo are trained first, so that a fork can be deployed as it is.
 */
import { join } from 'node:path';
import { MODELS } from './cli/artifacts.ts';
import { command, EXIT, printer, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { trainDemo } from './demo/models.ts';
import { bundledVersions } from './retrain/bundledVersions.ts';
import { choiceLines, chosenVersions } from './retrain/chosenVersions.ts';
import { deployedNaming } from './retrain/namingBucket.ts';
import { writeAssets } from './worker/assets.ts';
import { bundleModels } from './worker/bundle.ts';
import { configuredRuntime } from './worker/runtimes.ts';

const program = withEnvironmentFlag(
  command('build', 'Bundle the models, their runtime and the playground for "wrangler deploy".'),
)
  .argument('[model...]', `${MODELS}; default: as for deploy; without any, the demo's, trained first`)
  .option('--force', 'bundle a candidate that no retraining has promoted, even a refused one', false)
  .action(build);

async function build(
  directories: string[],
  { force, json }: { force: boolean; json?: boolean },
): Promise<void> {
  const print = printer(json);
  const naming = await deployedNaming(print);
  const otherwise = async () => {
    print("there is no model in ./artifacts yet: training the demo's models\n");
    const models = await trainDemo('artifacts', print);
    if (models.at(-1)!.fit.interrupted) process.exitCode = EXIT.interrupted;
    return models.map(({ artifact }) => artifact);
  };
  const chosen = await chosenVersions(directories, { naming, force, otherwise }).finally(() =>
    naming?.close(),
  );
  if (process.exitCode === EXIT.interrupted) return;
  for (const line of choiceLines(chosen)) print(line);
  const bundle = join('artifacts', 'bundle');
  const artifacts = await bundledVersions(chosen, {
    ...{ runtime: await configuredRuntime(), hasBucket: naming?.isAccount === true, print },
  });
  await writeAssets(await bundleModels(artifacts, bundle, { print }), artifacts, { print });
  print(`${bundle} is ready: "npx wrangler deploy" uploads it with the Worker`);
  const models = artifacts.map(({ manifest: { name, version } }) => ({ name, version }));
  if (json) console.log(JSON.stringify({ bundle, models }));
}

await run(program);
