/** `npm run demo`: real digits trained, packaged, served by a local Worker and sent to it, in one go. */
import { unpackRows } from '../shared/tensor.ts';
import { takeRows } from '../training/data/dataset.ts';
import type { Trained } from '../training/train.ts';
import { bundleModels } from './lib/bundle.ts';
import { command, EXIT, printer, run } from './lib/command.ts';
import { askWorker, type WorkerAnswers } from './lib/demoClient.ts';
import { parsePort } from './lib/flags.ts';
import { braille, type GreyImage } from './lib/picture.ts';
import { metricsRows, table } from './lib/tables.ts';
import { trainRecipe } from './lib/training.ts';
import { untilInterrupted } from './lib/wait.ts';
import { buildWorker, startWorker, type WorkerBuild } from './lib/worker.ts';

/** Digits in the picture: as many as fit 80 columns. */
const PICTURED = 5;

interface DemoOptions {
  readonly exit?: boolean;
  readonly port: number;
  readonly out: string;
  readonly json?: boolean;
}

const program = command(
  'demo',
  'Train on 10,000 real digits, serve the model from a local Worker, and use it.',
)
  .option('--exit', 'stop after the summary instead of serving on')
  .option('--port <number>', 'port to listen on', parsePort, 8787)
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .action(demo);

async function demo({ exit, port, out, json }: DemoOptions): Promise<void> {
  const print = printer(json);
  const trained = await trainRecipe('digits', { out, engine: 'onnxruntime', seed: 1, set: [] }, print);
  if (trained.fit.interrupted) {
    print(`interrupted; the best weights so far are in ${trained.artifact.directory}`);
    process.exitCode = EXIT.interrupted;
    return;
  }
  print('\nbuilding the Worker');
  const build = await buildWorker(`${out}/.worker`, await bundleModels([trained.artifact], `${out}/bundle`));
  const worker = await startWorker(build, { port: exit ? 0 : port });
  try {
    const digits = takeRows(
      trained.split.test,
      Uint32Array.from({ length: PICTURED }, (_, i) => i),
    );
    const answers = await askWorker(worker.url, trained.artifact.manifest, digits);
    if (json) console.log(JSON.stringify(summary(trained, build, answers)));
    print(`\nheld-out digits, and what is left of them after a code of ${answers.codeSize} numbers:\n`);
    print(braille(images(unpackRows(digits))));
    print(braille(images(answers.reconstructions)));
    print(`\n${table(figures(trained, build, answers))}`);
    if (exit) return;
    print(`\nserving ${trained.artifact.manifest.name} at ${worker.url}, for instance:`);
    print(`  curl ${new URL(`/v1/models/${trained.artifact.manifest.name}`, worker.url)}`);
    print('press Ctrl-C to stop');
    await untilInterrupted();
  } finally {
    await worker.dispose();
  }
}

function images(rows: readonly number[][]): GreyImage[] {
  return rows.map((data) => ({ data, height: 28, width: 28 }));
}

function figures({ artifact }: Trained, build: WorkerBuild, answers: WorkerAnswers): [string, string][] {
  const { latency, coldMilliseconds } = answers;
  return [
    ...metricsRows(artifact.manifest),
    ['training', `${artifact.manifest.training.seconds.toFixed(1)} s`],
    ['upload', `${kib(build.gzipBytes)} gzip (${kib(build.bytes)})`],
    ['cold first encode', `${coldMilliseconds.toFixed(0)} ms`],
    ['warm encode, p50', `${latency.p50.toFixed(2)} ms over HTTP`],
    ['warm encode, p99', `${latency.p99.toFixed(2)} ms over HTTP`],
  ];
}

function summary({ artifact }: Trained, build: WorkerBuild, answers: WorkerAnswers) {
  const { version, metrics, baselines, parity, training } = artifact.manifest;
  return {
    artifact: artifact.directory,
    version,
    metrics,
    baselines,
    parity,
    seconds: training.seconds,
    upload: { bytes: build.bytes, gzipBytes: build.gzipBytes },
    coldFirstEncodeMilliseconds: answers.coldMilliseconds,
    warmEncodeMilliseconds: answers.latency,
  };
}

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en-US')} KiB`;
}

await run(program);
