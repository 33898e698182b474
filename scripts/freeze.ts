/**
 * `npm run freeze -- [model...]`: stores models and runtime as one image that a Worker starts from in
 * milliseconds.
 */
import { Option } from 'commander';
import { chosenArtifacts, MODELS } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { kib } from './cli/kib.ts';
import { table } from './cli/tables.ts';
import { freezableGraphs } from './freeze/freezableGraphs.ts';
import { type FreezeReport, freeze } from './freeze/freeze.ts';
import { FULL_WORKLOAD } from './freeze/workload.ts';
import { writeModule } from './store/frozenModule.ts';
import { freezeModule } from './worker/frozenModule.ts';
import { configuredLimits } from './worker/runtimes.ts';

interface FreezeFlags {
  readonly asModule: boolean;
  readonly runtime?: string;
  readonly json?: boolean;
}

const program = command(
  'freeze',
  'Freeze onnxruntime with models loaded, drop the code that they never run, and verify that answers stay the same.',
)
  .argument('[model...]', `${MODELS}; default: every model in ./artifacts`)
  .addOption(
    new Option('--runtime <folder>', 'folder of an installed onnxruntime-web').env('ONNXRUNTIME_WEB'),
  )
  .option(
    '--as-module',
    'freeze each version by itself, into the folder frozen next to its graphs: for Workers with RUNTIME = "dynamic"',
    false,
  )
  .action(async (directories: string[], { asModule, runtime, json }: FreezeFlags) => {
    const print = printer(json);
    const artifacts = await chosenArtifacts(directories);
    if (asModule) {
      const modules: object[] = [];
      for (const artifact of artifacts) {
        const { reports, ...module } = await freezeModule(artifact, { runtime, print });
        const path = await writeModule(artifact, module);
        modules.push({ parts: reports, path });
        print(`${reports.map(reportTable).join('\n')}\nwritten to ${path}`);
      }
      if (json) console.log(JSON.stringify({ modules }));
      return;
    }
    const graphs = freezableGraphs(artifacts, await configuredLimits());
    const { report, ...files } = await freeze(graphs, { workload: FULL_WORKLOAD, runtime, print });
    if (json) console.log(JSON.stringify({ ...report, image: { ...report.image, path: files.image } }));
    print(reportTable(report));
  });

function reportTable({
  onnxruntime,
  graphs,
  refused,
  functions,
  stock,
  wasm,
  image,
  runs,
}: FreezeReport): string {
  return table([
    ['onnxruntime-web', onnxruntime],
    ['graphs', graphs.join('\n')],
    ...Object.entries(refused).map(([graph, reason]): [string, string] => [`left out: ${graph}`, reason]),
    ['functions', `${functions.kept} kept, ${functions.dropped} dropped`],
    ['WebAssembly', `${kib(wasm.bytes)}, down from ${kib(stock.bytes)}`],
    ['image', `${kib(image.bytes)}, from ${image.pages * 64} KiB of memory`],
    ['verified', `${runs} runs: bit-identical to onnxruntime-web, within 1e-5 of onnxruntime-node`],
  ]);
}

await run(program);
