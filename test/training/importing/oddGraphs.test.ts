/** Graphs unlike what exporters write: each is imported and answers rightly, or is refused before anything is written. */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { graphEntries } from '../../../shared/manifest.ts';
import { readArtifact } from '../../../training/artifact/artifact.ts';
import { openWasm } from '../../../training/engines/inference.ts';
import { importModel } from '../../../training/importing/importModel.ts';
import { runJobs } from '../../../training/importing/jobs.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import type { OddGraph } from '../../support/graphs/odd/oddGraph.ts';
import { ODD_GRAPHS } from '../../support/graphs/oddGraphs.ts';
import { modelFile, understood } from '../../support/training/foreignModels.ts';

const ROWS = [
  [1, 2, 3, 4],
  [0.5, -2, 0, 1],
  [-3, 0.25, 8, -1],
];

async function imported({ bytes, files = {} }: OddGraph, out: string) {
  const path = modelFile(bytes);
  for (const [name, data] of Object.entries(files)) writeFileSync(join(dirname(path), name), data);
  const options = { name: 'odd', out, classes: undefined, contamination: 0.05, run: runJobs };
  return importModel(await understood(bytes, { path }), options);
}

const named = (graphs: readonly OddGraph[]) => graphs.map((each) => [each.name, each] as const);
const isRefused = ({ outcome }: OddGraph) => outcome instanceof RegExp;

it.each(named(ODD_GRAPHS.filter(isRefused)))('refuses %s', async (_, graph) => {
  const out = join(temporaryFolder(), 'artifacts');
  const refused = await imported(graph, out).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(InputError);
  expect((refused as Error).message).toMatch(graph.outcome as RegExp);
  expect(existsSync(out)).toBe(false);
});

it.each(named(ODD_GRAPHS.filter((each) => !isRefused(each))))('answers %s', async (_, graph) => {
  const out = join(temporaryFolder(), 'artifacts');
  const { directory } = await imported(graph, out);
  const { manifest, graphs } = await readArtifact(directory);
  const [name, spec] = graphEntries(manifest.graphs)[0]!;
  const { count } = manifest.features;
  const data = new Float32Array(ROWS.length * count);
  for (const [i, row] of ROWS.entries()) data.set(row, i * count);
  const session = await openWasm(graphs[name]!);
  const outputs = await session.runTensors({ rows: { dtype: 'float32', shape: [ROWS.length, count], data } });
  await session.release();
  const expected = (graph.outcome as Exclude<OddGraph['outcome'], RegExp>)(ROWS);
  const answered = Array.from(outputs[spec.outputs[0]!.name]!.data, Number);
  expect(answered.length).toBe(expected.flat().length);
  const largest = Math.max(...expected.flat().map(Math.abs));
  for (const [i, value] of expected.flat().entries())
    expect(Math.abs(answered[i]! - value)).toBeLessThanOrEqual((graph.tolerance ?? 0) * largest);
});
