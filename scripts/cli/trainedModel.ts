/** The lines that end a training. */
import { join } from 'node:path';
import type { TrainedArtifact } from '../../training/artifact/artifact.ts';
import { readReportSource } from '../../training/artifact/reportFiles.ts';
import { keyFigureLines, manifestTable } from './tables.ts';

/** Prints its figures against its baselines, and where its artifact and its report are. */
export async function printTrained(
  { manifest, directory }: Pick<TrainedArtifact, 'manifest' | 'directory'>,
  print: (line: string) => void,
): Promise<void> {
  print(manifestTable(manifest));
  print(`${keyFigureLines(await readReportSource(directory))}\n`);
  print(`artifact: ${directory}`);
  print(`report: ${join(directory, 'report.html')}`);
}
