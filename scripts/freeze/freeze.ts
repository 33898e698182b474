/** Freezing models and runtime into one image and the WebAssembly that runs it, and verifying both. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { GateError, InputError } from '../../shared/errors.ts';
import { sha256 } from '../../training/artifact/artifact.ts';
import { kib } from '../cli/kib.ts';
import { stageProgress } from '../cli/progress.ts';
import { cached, readJson, store } from './cache.ts';
import { type ComposeInput, IMAGE_FILES } from './compose.ts';
import { assertFits, assertImageFits, assertMemoryFits } from './fits.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { PAGE_BYTES } from './heap.ts';
import { inChild, sharesOf } from './inChild.ts';
import type { Observation } from './observe.ts';
import { type Observed, observedModels } from './observed.ts';
import { runtimeHash } from './runtimePackage.ts';
import type { VerifiedGraph } from './verify.ts';
import type { FunctionCounts } from './wasm/slim.ts';
import type { Workload } from './workload.ts';

/**
 * Version of the cached files; raised with every change of their content, so that older ones are not used.
 */
const FORMAT = 8;

export interface FreezeOptions {
  readonly workload: Workload;
  /** True to also make a slim runtime, which can still load graphs. */
  readonly loads?: boolean;
  /** True for an image that its isolate takes in pieces, and does not keep. */
  readonly inPieces?: boolean;
  /** Folder of an installed onnxruntime-web. Default: the one that this project depends on. */
  readonly runtime?: string | undefined;
  /** Folder of cached images, which are named by the hash of their sources. Default: `artifacts/frozen`. */
  readonly cache?: string;
  /** Receives a line before each slow operation. */
  readonly print?: (line: string) => void;
}

export interface FreezeReport {
  readonly onnxruntime: string;
  readonly graphs: readonly string[];
  /** Reasons for leaving graphs out, by label. */
  readonly refused: Readonly<Record<string, string>>;
  readonly functions: FunctionCounts;
  /** The original WebAssembly. */
  readonly stock: { readonly bytes: number };
  readonly wasm: { readonly bytes: number };
  /** `pages` are those of the thawed memory, of 64 KiB each. */
  readonly image: { readonly bytes: number; readonly pages: number };
  readonly slim?: { readonly bytes: number; readonly functions: FunctionCounts };
  /** Number of runs that were compared. */
  readonly runs: number;
}

/** Paths of the files, and the content of the JSON ones. */
export interface FrozenFiles {
  readonly description: ImageDescription;
  readonly report: FreezeReport;
  readonly image: string;
  readonly wasm: string;
  /** Exists with `loads` only. */
  readonly slim: string;
}

const FILES = {
  ...IMAGE_FILES,
  description: 'image.json',
  report: 'report.json',
} as const;

/**
 * Freezes graphs, or returns the cached files if the same graphs have been frozen before. What was observed of a
 * model is cached, too: another model next to it is the only one to be observed.
 * @throws {InputError} if there are no graphs, they cannot fit in an isolate, or the onnxruntime-web is missing or of an
 * unknown layout.
 * @throws {GateError} if the frozen runtime answers differently from onnxruntime-web or onnxruntime-node.
 *
 * @example
 * const { image, wasm } = await freeze(freezableGraphs(artifacts, limits), { workload: FULL_WORKLOAD });
 */
export async function freeze(
  graphs: readonly FreezableGraph[],
  options: FreezeOptions,
): Promise<FrozenFiles> {
  const { cache = join('artifacts', 'frozen'), workload, loads = false, runtime, inPieces } = options;
  if (graphs.length === 0) throw new InputError('expected a model to freeze, received none');
  if (!inPieces) assertFits(graphs);
  const folder = resolve(cache);
  const source = [FORMAT, await runtimeHash(runtime), workload];
  const keyOfGraphs = (some: readonly FreezableGraph[], ...more: unknown[]) =>
    sha256(JSON.stringify([...source, some.map(({ bytes: _, ...each }) => each), ...more])).slice(0, 16);
  const key = keyOfGraphs(graphs, loads);
  const progress = stageProgress('freezing', options.print ?? (() => undefined));
  const models = byModel(graphs);
  const onStage = (stage: string, done: number) => progress.onStage(stage, done, models.length + 2);
  const observed = (again: boolean) =>
    observedModels(models, {
      ...{ folder, keyOf: keyOfGraphs, again, runtime, workload },
      onObserved: (done, of) => onStage(`running models to see what they need, ${done} of ${of} done`, done),
    });
  const stages = {
    observed,
    onCompose: () => onStage('writing the image', models.length),
    onVerify: () => onStage('comparing its answers', models.length + 1),
  };
  const directory =
    (await cached(folder, 'image', key)) ??
    (await store(folder, 'image', key, (partial) => build(partial, graphs, options, stages)).finally(
      progress.stop,
    ));
  const report: FreezeReport = await readJson(join(directory, FILES.report));
  const { pages, bytes } = report.image;
  if (inPieces) assertMemoryFits(graphs.map(({ label }) => label).join(', '), pages * PAGE_BYTES);
  else assertImageFits(pages * PAGE_BYTES, bytes);
  return {
    description: await readJson(join(directory, FILES.description)),
    report,
    image: join(directory, FILES.image),
    wasm: join(directory, FILES.wasm),
    slim: join(directory, FILES.slim),
  };
}

interface BuildStages {
  /** Observes the models; with `again`, whatever is known of them. */
  readonly observed: (again: boolean) => Promise<Observed[]>;
  /** Called before the image is composed, and before it is verified. */
  readonly onCompose: () => void;
  readonly onVerify: () => void;
}

async function build(
  folder: string,
  graphs: readonly FreezableGraph[],
  { workload, loads = false, runtime, print }: FreezeOptions,
  { observed, onCompose, onVerify }: BuildStages,
): Promise<void> {
  const size = graphs.reduce((sum, graph) => sum + graph.bytes.length, 0);
  print?.(
    `freezing ${graphs.length === 1 ? 'a graph' : `${graphs.length} graphs`} (${kib(size)}) once; large ones take a minute or more`,
  );
  const composeOf = async (models: readonly Observed[]) => {
    const observations = union(models.map(({ observation }) => observation));
    onCompose();
    return observations && inChild('compose', { folder, runtime, graphs, observed: observations, loads });
  };
  let models = await observed(false);
  let composed = await composeOf(models);
  if (composed === undefined) {
    // The runtime's memory holds the path of its program and the locale: a cache may be from another folder or Node.
    print?.('what is known of these models was observed elsewhere: observing them again');
    models = await observed(true);
    composed = await composeOf(models);
  }
  if (composed === undefined)
    throw new Error('expected the environment that the models were just observed in, received another one');
  const observations = models.map(({ observation }) => observation);
  const refused = Object.assign({}, ...observations.map((each) => each.refused)) as Record<string, string>;
  const references = new Map(models.flatMap((model) => Object.entries(model.references)));
  const frozen = graphs
    .filter(({ label }) => !(label in refused))
    .map((source, position): VerifiedGraph => {
      const reference = references.get(source.label)!;
      if ('answers' in reference) return { source, position, answers: reference.answers };
      throw new GateError(`${source.label}: onnxruntime-web refuses the graph: ${reference.refused}`);
    });
  const { description, bytes, slim } = composed;
  const shares = sharesOf(frozen);
  onVerify();
  const counts = await Promise.all(
    shares.map((share) => inChild('verify', { folder, runtime, description, graphs: share, workload })),
  );
  const report: FreezeReport = {
    onnxruntime: description.onnxruntime,
    graphs: frozen.map(({ source }) => source.label),
    refused,
    functions: composed.functions,
    stock: { bytes: bytes.stock },
    wasm: { bytes: bytes.wasm },
    image: { bytes: bytes.image, pages: description.pages },
    ...(slim && { slim }),
    runs: counts.reduce((sum, count) => sum + count, 0),
  };
  await writeFile(join(folder, FILES.description), JSON.stringify(description));
  await writeFile(join(folder, FILES.report), JSON.stringify(report));
}

function byModel(graphs: readonly FreezableGraph[]): FreezableGraph[][] {
  const models = new Map<string, FreezableGraph[]>();
  for (const graph of graphs) models.set(graph.model, [...(models.get(graph.model) ?? []), graph]);
  return [...models.values()];
}

/** Everything that any of the models uses; undefined if they were observed in different environments. */
function union(observations: readonly Observation[]): ComposeInput['observed'] | undefined {
  const all = (name: 'loading' | 'running' | 'read') => [
    ...new Set(observations.flatMap((each) => each[name])),
  ];
  const [{ environmentHash }] = observations as [Observation];
  if (observations.some((each) => each.environmentHash !== environmentHash)) return undefined;
  return { environmentHash, loading: all('loading'), running: all('running'), read: all('read') };
}
