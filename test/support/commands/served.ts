/** `npm run serve` in a folder of tests, for commands that would otherwise each build and start a Worker of their own. */
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { writtenArtifact } from '../artifacts/writtenArtifact.ts';
import { type Running, start } from './cli.ts';

/** Serves from before the first test of the file to after its last one: some model, and any from the bucket. */
export function serves(folder: string): void {
  let serving: Running | undefined;
  beforeAll(async () => {
    // Not among the models of the folder.
    const { directory } = await writtenArtifact(join(folder, 'served'), { name: 'served' });
    serving = start('serve', [directory, '--port', '0', '--runtime', 'stock', '--json'], folder);
    await serving.saw('\n');
  });
  afterAll(async () => {
    serving?.process.kill('SIGINT');
    await serving?.finished;
  });
}
