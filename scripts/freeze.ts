/**
 * `npm run freeze -- [artifact...]`: stores models and runtime as one image that a Worker starts from in
 * milliseconds.
 */
import { Option } from 'commander';
import { chosenArtifacts } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { kib, table } from './cli/tables.ts';
import { freezableGraphs } from './freeze/freezableGraphs.ts';
import { freeze } from './freeze/freeze.ts';
import { FULL_WORKLOAD } from './freeze/workload.ts';
import { configuredLimits } from './worker/runtimes.ts';

interface FreezeFlags {
  readonly runtime?: string;
  readonly json?: boolean;
}

const program = command(
  'freeze',
  'Freeze onnxruntime with models loaded, drop the code that they never run, and verify that answers stay the same.',
)
  .argument(
    '[artifact...]',
    'folders of artifacts, or of models (their newest versions); default: every model in ./artifacts',
  )
  .addOption(
    new Option('--runtime <folder>', 'folder of an installed onnxruntime-web').env('ONNXRUNTIME_WEB'),
  )
  .action(async (directories: string[], { runtime, json }: FreezeFlags) => {
    const print = printer(json);
    const graphs = freezableGraphs(await chosenArtifacts(directories), await configuredLimits());
    const { report, ...files } = await freeze(graphs, { workload: FULL_WORKLOAD, runtime, print });
    if (json) console.log(JSON.stringify({ ...report, image: { ...report.image, path: files.image } }));
    const { functions, stock, wasm, image, runs } = report;
    print(
      table([
        ['onnxruntime-web', report.onnxruntime],
        ['graphs', report.graphs.join('\n')],
        ...Object.entries(report.refused).map(([graph, reason]): [string, string] => [
          `left out: ${graph}`,
          reason,
        ]),
        ['functions', `${functions.kept} kept, ${functions.dropped} dropped`],
        ['WebAssembly', `${kib(wasm.bytes)}, down from ${kib(stock.bytes)}`],
        ['image', `${kib(image.bytes)}, from ${image.pages * 64} KiB of memory`],
        ['verified', `${runs} runs: bit-identical to onnxruntime-web, within 1e-5 of onnxruntime-node`],
      ]),
    );
  });

await run(program);
