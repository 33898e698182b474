/** `npm run serve`: runs the Worker with trained models in workerd on this machine. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { ANSWERS_FILE, KnownAnswers } from '../shared/answers.ts';
import type { Manifest } from '../shared/manifest.ts';
import type { Artifact } from '../training/artifact/artifact.ts';
import { MODELS } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { parsePort } from './cli/flags.ts';
import { untilStopped } from './cli/signals.ts';
import { trainDemo } from './demo/models.ts';
import { bestVersions } from './retrain/bestVersions.ts';
import { bundledVersions } from './retrain/bundledVersions.ts';
import { type ChosenVersion, choiceLines, chosenVersions } from './retrain/chosenVersions.ts';
import { localNaming } from './retrain/namingBucket.ts';
import { hasPlayground } from './worker/assets.ts';
import { BUCKET_FOLDER } from './worker/bucketFolder.ts';
import { ownBucket } from './worker/bucketOwner.ts';
import { type ExampleOptions, exampleRequest } from './worker/exampleRequest.ts';
import { type LocalWorker, serveLocally } from './worker/local.ts';
import { requireFreePort } from './worker/port.ts';
import { configuredMcp, configuredRuntime, RUNTIMES, type RuntimeName } from './worker/runtimes.ts';
import { announceServing } from './worker/serving.ts';
import { isWholeApi } from './worker/wranglerConfig.ts';

interface ServeOptions {
  readonly runtime?: RuntimeName;
  readonly port: number;
  readonly host: string;
  readonly force: boolean;
  readonly best?: string;
  readonly json?: boolean;
}

const program = withEnvironmentFlag(
  command('serve', 'Serve models from a local Worker, built from the same bytes that a deployment uploads.'),
)
  .argument(
    '[model...]',
    `${MODELS}; default: the production version of every model, and the newest of models without aliases; if there is no model, the demo's, trained first`,
  )
  .option('--force', 'serve a candidate that no retraining has promoted, even a refused one', false)
  .option(
    '--best <metric>',
    'serve the version of each model with the best recorded metric, for instance mse',
  )
  .option('--port <number>', 'port to listen on', parsePort, 8787)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .addOption(
    new Option('--runtime <name>', 'runtime of the models (default: RUNTIME in wrangler.toml)').choices(
      Object.keys(RUNTIMES),
    ),
  )
  .action(serve);

async function serve(
  directories: string[],
  { port, host, runtime: named, force, best, json }: ServeOptions,
): Promise<void> {
  const print = printer(json);
  await requireFreePort(port, host);
  const runtime = named ?? (await configuredRuntime());
  const chosen =
    best === undefined
      ? await namedOrCurrent(directories, force, print)
      : await bestVersions(directories, best);
  for (const line of choiceLines(chosen)) print(line);
  const artifacts = chosen.map(({ artifact }) => artifact);
  const bundled = await bundledVersions(chosen, { runtime, hasBucket: true, print });
  const owned = await ownBucket(print, async () => undefined);
  const worker = await serveLocally(bundled, {
    ...{ port, host, runtime, print, takesKeys: true },
    bucketFolder: BUCKET_FOLDER,
  });
  try {
    const conceal = await announceServing(worker, runtime, 'serve');
    const isWhole = await isWholeApi();
    await announce(artifacts, worker, { isWhole, playground: isWhole && (await hasPlayground()), json });
    process.exitCode = await untilStopped();
    await conceal();
  } finally {
    await worker.dispose();
    if ('release' in owned) owned.release();
  }
}

async function namedOrCurrent(
  directories: readonly string[],
  force: boolean,
  print: (line: string) => void,
): Promise<ChosenVersion[]> {
  const naming = await localNaming(print);
  const otherwise = () => demoModels(print);
  return chosenVersions(directories, { naming, force, otherwise }).finally(() => naming?.close());
}

/**
 * Prints where the models are served, and a request for each; a Worker of the user's own has other addresses.
 */
async function announce(
  artifacts: readonly Artifact[],
  { url, key }: LocalWorker,
  { isWhole, playground, json }: { isWhole: boolean; playground: boolean; json: boolean | undefined },
): Promise<void> {
  const print = printer(json);
  const manifests = artifacts.map(({ manifest }) => manifest);
  const address = playground && new URL('/playground/', url).href;
  if (json) {
    const models = manifests.map(({ name, version }) => ({ name, version }));
    console.log(JSON.stringify({ url: url.href, ...(address && { playground: address }), models, key }));
  }
  if (address) print(`playground: ${address}\n`);
  for (const artifact of artifacts) {
    const { manifest } = artifact;
    const request = isWhole ? exampleRequest(manifest, { url, known: await knownOf(artifact) }) : [];
    print([summaryOf(manifest), ...request].join('\n'));
  }
  print(
    isWhole
      ? `\ninteractive API documentation: ${new URL('/docs', url)}`
      : `\n${url} is your Worker; the API is at the path where it mounts it, with documentation at /docs below`,
  );
  if (isWhole && (await configuredMcp()))
    print(`tools for agents, by the Model Context Protocol: ${new URL('/mcp', url)}`);
  print(`key of this run, for /metrics and /admin:\n  X-API-Key: ${key}`);
  print('press Ctrl-C to stop');
}

/** Trains the models of `npm run demo`, for users who have no model yet. */
async function demoModels(print: (line: string) => void): Promise<Artifact[]> {
  print("there is no model in ./artifacts yet: training the demo's models\n");
  return (await trainDemo('artifacts', print)).map(({ artifact }) => artifact);
}

function summaryOf({ name, version, variant, features, codeSize, operations }: Manifest): string {
  const code = codeSize > 0 ? `, code of ${codeSize}` : '';
  return `${name}@${version}: ${variant}, ${features.count} features${code}; ${operations.join(', ')}`;
}

/** Reads the known answers of an artifact; undefined if it has none on this disk. */
async function knownOf({ directory }: Artifact): Promise<ExampleOptions['known']> {
  const path = resolve(directory, ANSWERS_FILE);
  if (!existsSync(path)) return undefined;
  return { path, answers: KnownAnswers.parse(JSON.parse(await readFile(path, 'utf8'))) };
}

await run(program);
