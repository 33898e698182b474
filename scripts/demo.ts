/**
 * `npm run demo`: trains on real digits, packages the models, serves them from a local Worker and queries one; the
 * other, whose codes can be walked over, is for the playground.
 */
import { unpackRows } from '../shared/tensor.ts';
import { takeRows } from '../training/data/batches.ts';
import type { Trained } from '../training/train.ts';
import { command, EXIT, printer, run } from './cli/command.ts';
import { parsePort } from './cli/flags.ts';
import { kib } from './cli/kib.ts';
import { untilStopped } from './cli/signals.ts';
import { metricsRows, table } from './cli/tables.ts';
import { askWorker, type WorkerAnswers } from './demo/client.ts';
import { DEMO_RECIPES, trainDemo } from './demo/models.ts';
import { braille, type GreyImage } from './demo/picture.ts';
import { publishDemo, requireTemporary } from './demo/publicDemo.ts';
import { hasPlayground } from './worker/assets.ts';
import type { WorkerBuild } from './worker/build.ts';
import { serveLocally } from './worker/local.ts';
import { requireFreePort } from './worker/port.ts';

/** Digits in the picture; five fit into 80 columns. */
const PICTURED = 5;

interface DemoOptions {
  readonly exit?: boolean;
  readonly public?: boolean;
  readonly port: number;
  readonly out: string;
  readonly json?: boolean;
}

const program = command(
  'demo',
  'Train two models on 10,000 real digits, serve them from a local Worker, and use them.',
)
  .option('--exit', 'stop after the summary instead of serving on')
  .option(
    '--public',
    'upload them to a temporary Cloudflare account in place of a local Worker: everybody who has the address may use them, for up to 60 minutes (Wrangler 4.102 or newer, Node 22)',
  )
  .option('--port <number>', 'port to listen on', parsePort, 8787)
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .action(demo);

async function demo({ exit, public: isPublic, port, out, json }: DemoOptions): Promise<void> {
  const print = printer(json);
  if (isPublic) requireTemporary();
  else if (!exit) await requireFreePort(port);
  const models = await trainDemo(out, print);
  const last = models.at(-1)!;
  if (last.fit.interrupted) {
    print(`interrupted; the best weights so far are in ${last.artifact.directory}`);
    process.exitCode = EXIT.interrupted;
    return;
  }
  if (isPublic) return publicly(models, json);
  const trained = models[0]!;
  print('\nbuilding the Worker');
  const worker = await serveLocally(
    models.map(({ artifact }) => artifact),
    {
      port: exit ? 0 : port,
      // Published digits, which nobody has to be protected from.
      playgroundData: 'public',
      // Logs of the demo's own requests would only clutter its output.
      variables: { LOG: 'problems' },
    },
  );
  try {
    const digits = takeRows(
      trained.split.test,
      Uint32Array.from({ length: PICTURED }, (_, i) => i),
    );
    const answers = await askWorker(worker.url, trained.artifact.manifest, digits);
    if (json) console.log(JSON.stringify(summary(trained, worker.build, answers)));
    print(`\nheld-out digits, and their reconstructions from codes of ${answers.codeSize} numbers:\n`);
    print(braille(images(unpackRows(digits))));
    print(`\n${braille(images(answers.reconstructions))}`);
    print(`\n${table(figures(trained, worker.build, answers))}`);
    if (exit) return;
    if (await hasPlayground()) {
      print(`\nplayground: ${new URL('/playground/', worker.url)}`);
      print(
        'its maps show training rows, since the digits are published; other Workers show none, unless PLAYGROUND_DATA in wrangler.toml is "public"',
      );
    }
    print(`\nserving ${DEMO_RECIPES.join(' and ')} at ${worker.url}, without keys, for instance:`);
    print(`  curl ${new URL('/v1/models', worker.url)}`);
    print('press Ctrl-C to stop');
    process.exitCode = await untilStopped();
  } finally {
    await worker.dispose();
  }
}

async function publicly(models: readonly Trained[], json: boolean | undefined): Promise<void> {
  const print = printer(json);
  const artifacts = models.map(({ artifact }) => artifact);
  const { url, expires } = await publishDemo(artifacts, { print, stdout: json ? 2 : 1 });
  const playground = new URL('/playground/', url);
  if (json) console.log(JSON.stringify({ url, playground, expires }));
  print(`\nplayground: ${playground}`);
  print(`models: ${new URL('/v1/models', url)}, for everybody and without keys`);
  print(
    `expires: ${expires.toISOString().slice(0, 16)}Z at the latest, unless the account is claimed by the link above, which gives it to whoever opens it`,
  );
}

function images(rows: readonly number[][]): GreyImage[] {
  return rows.map((data) => ({ data, height: 28, width: 28 }));
}

function figures(
  { artifact, seconds }: Trained,
  build: WorkerBuild,
  answers: WorkerAnswers,
): [string, string][] {
  const { latency, coldMilliseconds } = answers;
  return [
    ...metricsRows(artifact.manifest),
    ['training', `${seconds.toFixed(1)} s`],
    ['upload', `${kib(build.gzipBytes)} gzip (${kib(build.bytes)})`],
    ['cold first encode', `${coldMilliseconds.toFixed(0)} ms`],
    ['warm encode, p50', `${latency.p50.toFixed(2)} ms over HTTP`],
    ['warm encode, p99', `${latency.p99.toFixed(2)} ms over HTTP`],
  ];
}

function summary({ artifact, seconds }: Trained, build: WorkerBuild, answers: WorkerAnswers) {
  const { version, metrics, baselines, parity } = artifact.manifest;
  return {
    artifact: artifact.directory,
    version,
    metrics,
    baselines,
    parity,
    seconds,
    upload: { bytes: build.bytes, gzipBytes: build.gzipBytes },
    coldFirstEncodeMilliseconds: answers.coldMilliseconds,
    warmEncodeMilliseconds: answers.latency,
  };
}

await run(program);
