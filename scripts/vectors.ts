/** `npm run vectors -- <artifact>`: writes the item vectors of a recommender for a vector store. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { InputError } from '../shared/errors.ts';
import { itemValue } from '../shared/itemTable.ts';
import type { Manifest } from '../shared/manifest.ts';
import { readArtifact } from '../training/artifact/artifact.ts';
import { openNative } from '../training/engines/inference.ts';
import { artifactFolder } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';

/** Items per run of the graph. */
const BATCH = 256;

/** Returns what the index keeps with an item: its id, its title, and its values in the table of items. */
function metadataOf(
  { features, items }: Manifest,
  number: number,
): Record<string, string | number | boolean> {
  const title = items?.titles?.[number];
  const values = (items?.columns ?? []).flatMap((column) => {
    const value = itemValue(column, number);
    return value === undefined ? [] : [[column.name, value] as const];
  });
  return {
    ...Object.fromEntries(values),
    item: features.names?.[number] ?? `${number}`,
    ...(typeof title === 'string' && { title }),
  };
}

const program = command(
  'vectors',
  'Write the item vectors of a recommender as JSON lines for Cloudflare Vectorize.',
)
  .argument('<artifact>', 'folder of an artifact, or of a model (its newest version)')
  .requiredOption('--to <file>', 'file to write, for instance items.ndjson')
  .action(async (folder: string, { to, json }: { to: string; json?: boolean }) => {
    const { manifest, graphs } = await readArtifact(await artifactFolder(folder));
    const { name, version, features } = manifest;
    const outputs = manifest.graphs.similar?.outputs.map((output) => output.name) ?? [];
    if (graphs.similar === undefined || !outputs.includes('vectors')) {
      throw new InputError(
        `${name}@${version}: expected a graph with item vectors, found none; train a recommender`,
      );
    }
    const similar = await openNative(graphs.similar);
    const file = createWriteStream(to);
    let dimensions = 0;
    for (let start = 0; start < features.count; start += BATCH) {
      const size = Math.min(BATCH, features.count - start);
      const items = BigInt64Array.from({ length: size }, (_, i) => BigInt(start + i));
      const { vectors } = await similar.runTensors({
        items: { dtype: 'int64', shape: [size], data: items },
        k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(1n) },
      });
      dimensions = vectors!.shape[1]!;
      for (let i = 0; i < size; i++) {
        const values = Array.from(vectors!.data.subarray(i * dimensions, (i + 1) * dimensions), Number);
        const number = start + i;
        const vector = { id: `${version}/${number}`, namespace: version, values };
        // The ids and the namespace that edge/operations/neighbours.ts queries.
        file.write(`${JSON.stringify({ ...vector, metadata: metadataOf(manifest, number) })}\n`);
      }
    }
    await similar.release();
    file.end();
    await once(file, 'finish');
    if (json)
      console.log(JSON.stringify({ file: to, model: name, version, vectors: features.count, dimensions }));
    printer(json)(
      `${to}: ${features.count} vectors of ${dimensions} values. To create an index and fill it:\n` +
        `  npx wrangler vectorize create ${name} --dimensions=${dimensions} --metric=cosine\n` +
        `  npx wrangler vectorize upsert ${name} --file=${to}`,
    );
  });

await run(program);
