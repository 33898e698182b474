/** `npm run freeze -- [artifact...]`: models and runtime as one image, which a Worker starts from in milliseconds. */
import { Option } from 'commander';
import { chosenArtifacts } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { kib, table } from './cli/tables.ts';
import { freeze } from './freeze/freeze.ts';
import { freezableGraphs } from './freeze/graphs.ts';
import { fullWorkload } from './freeze/workload.ts';
import { configuredMaxRows } from './worker/runtimes.ts';

interface FreezeCommand {
  readonly runtime?: string;
  readonly json?: boolean;
}

const program = command(
  'freeze',
  'Freeze onnxruntime with models loaded, drop what they never need of it, and prove that it answers the same.',
)
  .argument(
    '[artifact...]',
    'folders of artifacts, or of models: their newest versions (default: every model in ./artifacts)',
  )
  .addOption(new Option('--runtime <folder>', 'an installed onnxruntime-web').env('ONNXRUNTIME_WEB'))
  .action(async (directories: string[], { runtime, json }: FreezeCommand) => {
    const print = printer(json);
    const graphs = freezableGraphs(await chosenArtifacts(directories));
    const { report, ...files } = await freeze(graphs, {
      workload: fullWorkload(await configuredMaxRows()),
      runtime,
      print,
    });
    if (json) console.log(JSON.stringify({ ...report, image: { ...report.image, path: files.image } }));
    const { functions, stock, wasm, image, runs } = report;
    print(
      table([
        ['onnxruntime-web', report.onnxruntime],
        ['graphs', report.graphs.join('\n')],
        ...Object.entries(report.refused).map(([graph, reason]): [string, string] => [
          `without ${graph}`,
          reason,
        ]),
        ['functions', `${functions.kept} kept, ${functions.dropped} dropped`],
        [
          'WebAssembly',
          `${kib(wasm.gzipBytes)} gzip (${kib(wasm.bytes)}), of ${kib(stock.gzipBytes)} (${kib(stock.bytes)})`,
        ],
        [
          'image',
          `${kib(image.gzipBytes)} gzip (${kib(image.bytes)}), of a memory of ${image.pages * 64} KiB`,
        ],
        ['checked', `${runs} runs: the same bits as onnxruntime-web, within 1e-5 of onnxruntime-node`],
      ]),
    );
  });

await run(program);
