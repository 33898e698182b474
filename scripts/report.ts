/** `npm run report -- <artifact...>`: rebuilds the report.html of artifacts. */
import { stat } from 'node:fs/promises';
import { rebuildReport } from '../training/artifact/reportFiles.ts';
import { artifactFolder, MODELS } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { kib } from './cli/kib.ts';

const program = command('report', 'Rebuild the report of an artifact: one HTML file that works offline.')
  .argument('<model...>', MODELS)
  .action(async (directories: string[], { json }: { json?: boolean }) => {
    const print = printer(json);
    const reports: { artifact: string; report: string; bytes: number }[] = [];
    for (const directory of directories) {
      const artifact = await artifactFolder(directory);
      const report = await rebuildReport(artifact);
      const { size: bytes } = await stat(report);
      reports.push({ artifact, report, bytes });
      print(`${report}: ${kib(bytes)}`);
    }
    if (json) console.log(JSON.stringify({ reports }));
  });

await run(program);
