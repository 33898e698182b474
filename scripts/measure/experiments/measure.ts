/** Running one experiment: ours, and PyTorch's where it can be had. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { InterruptedError } from '../../../shared/errors.ts';
import { quantile } from '../../../shared/quantile.ts';
import { published } from '../../../training/recipes/published.ts';
import type { Trained } from '../../../training/train.ts';
import { trainRecipe } from '../../cli/training.ts';
import { machine } from '../bench/report.ts';
import { type Detection, detectionOf, summarise } from './detection.ts';
import { type Experiment, givenSettings } from './experiment.ts';
import { trainInPytorch } from './pytorch.ts';
import type { MeasuredRecord } from './records.ts';

export interface Measured {
  readonly own: MeasuredRecord;
  readonly peer?: MeasuredRecord;
}

/** What `metrics.json` says of the codes of the test rows. */
const Code = z.object({ code: z.object({ mean: z.number() }) });

interface Run {
  readonly figure: number;
  readonly seconds: number;
  readonly by: string;
}

/** @throws {InterruptedError} at Ctrl-C. */
export async function measure(experiment: Experiment, withPytorch: boolean): Promise<Measured> {
  const own: Run[] = [];
  const peer: Run[] = [];
  const detected: (Detection | undefined)[] = [];
  for (const seed of experiment.seeds) {
    const { trained, metrics } = await trainOnce(experiment, seed);
    detected.push(detectionOf(experiment, trained.artifact.manifest));
    const { seconds, artifact } = trained;
    own.push({
      figure: metricOf(metrics, experiment.metric),
      seconds,
      by: artifact.manifest.training.engine,
    });
    if (withPytorch && experiment.pytorch) peer.push(pytorchRun(experiment, trained));
  }
  const detection = summarise(detected.filter((each) => each !== undefined));
  return {
    own: { ...record(experiment, own), ...(detection && { detection }) },
    ...(peer.length === 0 ? {} : { peer: record(experiment, peer) }),
  };
}

/** The metrics are those of the manifest, and `code-mean`. */
async function trainOnce({ recipe, data, settings = {} }: Experiment, seed: number) {
  const out = mkdtempSync(join(tmpdir(), 'latentedge-experiments-'));
  try {
    const set = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const run = {
      out,
      engine: 'onnxruntime',
      seed,
      set,
      ...(data !== undefined && { data: published(data) }),
    };
    const trained = await trainRecipe(recipe, run, () => undefined);
    if (trained.fit.interrupted) throw new InterruptedError('interrupted: this experiment has no figure');
    const { directory, manifest } = trained.artifact;
    const { code } = Code.parse(JSON.parse(readFileSync(join(directory, 'metrics.json'), 'utf8')));
    return { trained, metrics: { ...manifest.metrics, 'code-mean': code.mean } };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function pytorchRun({ metric }: Experiment, { artifact: { manifest }, split }: Trained): Run {
  const { variant, recipe, training, features } = manifest;
  const job = { variant, settings: recipe.config, rowShape: features.rowShape, seed: training.seed };
  const { torch, seconds, metrics } = trainInPytorch(job, split);
  return { figure: metricOf(metrics, metric), seconds, by: `PyTorch ${torch}` };
}

function metricOf(metrics: Readonly<Record<string, number>>, name: string): number {
  const figure = metrics[name];
  if (figure === undefined) {
    throw new Error(`expected the metric ${name}, received ${Object.keys(metrics).join(', ')}`);
  }
  return figure;
}

function record(experiment: Experiment, runs: readonly Run[]): MeasuredRecord {
  const { cores, cpu, node } = machine();
  return {
    figure: median(runs.map(({ figure }) => figure)),
    seconds: median(runs.map(({ seconds }) => seconds)),
    seeds: [...experiment.seeds],
    settings: givenSettings(experiment),
    by: runs[0]!.by,
    machine: `${cores} cores (${cpu}, Node ${node})`,
    date: new Date().toISOString().slice(0, 10),
  };
}

function median(values: readonly number[]): number {
  return quantile(Float32Array.from(values).sort(), 0.5);
}
