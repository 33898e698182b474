/** Checks that the edge's runtime loads the graphs, and that they end, before anything else runs them. */
import { InputError } from '../../shared/errors.ts';
import { graphEntries, type SomeGraphs } from '../../shared/manifest.ts';
import type { Tensors } from '../../shared/tensor.ts';
import { type GraphRows, rowCountOf } from '../evaluate/outputs.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { feedOf } from './feeds.ts';
import type { RunJobs } from './jobs.ts';
import type { ForeignModel } from './readModel.ts';
import { failureOf, refusalOf } from './refusal.ts';

const RUNTIME = "the edge's runtime (onnxruntime-web, WASM)";
/** Rows of one run, at most. */
const BATCH = 64;

export interface ServableOptions {
  readonly rows: GraphRows;
  readonly foreign: ForeignModel;
  readonly run: RunJobs;
}

/** @throws {InputError} naming the operator and node that the edge's runtime lacks, or the graph that fails. */
export async function assertServable(
  graphs: SomeGraphs<ExportedGraph>,
  { rows, foreign, run }: ServableOptions,
): Promise<void> {
  const given = feedOf(rows, 0, Math.min(BATCH, rowCountOf(rows)));
  const { encoder } = graphs;
  const own = graphEntries(graphs).filter(([name]) => name !== 'decoder');
  const results = await run(own.map(([, { model }]) => ({ runtime: 'wasm', model, feeds: [given] })));
  for (const [i, result] of results.entries()) {
    if ('outputs' in result) continue;
    const [name] = own[i]!;
    throw new InputError(`${foreign.source}: ${sentence(result.failure, result.stage, foreign, name)}`);
  }
  if (graphs.decoder === undefined || encoder === undefined) return;
  const encoded = results[own.findIndex(([name]) => name === 'encoder')]!;
  const code = 'outputs' in encoded ? encoded.outputs[0]![encoder.outputs[0]!.name]! : undefined;
  const feed: Tensors = { code: code! };
  const [decoded] = await run([{ runtime: 'wasm', model: graphs.decoder.model, feeds: [feed] }]);
  if ('outputs' in decoded!) return;
  throw new InputError(
    `${foreign.source}: ${sentence(decoded!.failure, decoded!.stage, foreign, 'decoder')}`,
  );
}

function sentence(failure: string, stage: 'load' | 'run', { proto }: ForeignModel, graph: string): string {
  return stage === 'load'
    ? refusalOf(failure, proto, RUNTIME)
    : failureOf(failure, `the ${graph} in ${RUNTIME}`);
}
