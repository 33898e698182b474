/** `npm run vectors -- <model>`: writes vectors for a vector store, of a recommender's items or of rows. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { InputError } from '../shared/errors.ts';
import { type Artifact, readArtifact } from '../training/artifact/artifact.ts';
import { readRowNames } from '../training/data/rowNames.ts';
import { readVectors } from '../training/data/vectors.ts';
import { A_MODEL, artifactFolder } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { codeVectors } from './vectors/codes.ts';
import { itemVectors } from './vectors/items.ts';
import { MOST_DIMENSIONS, type VectorSource, vectorLine } from './vectors/vector.ts';

interface VectorsOptions {
  readonly to: string;
  readonly data?: string;
  readonly texts?: string;
  readonly json?: boolean;
}

const program = command(
  'vectors',
  'Write vectors as JSON lines for Cloudflare Vectorize: the items of a recommender, or the codes of your vectors.',
)
  .argument('<model>', A_MODEL)
  .requiredOption('--to <file>', 'file to write, for instance items.ndjson')
  .option('--data <path>', 'vectors to encode: an array, or a table with a column of lists')
  .option(
    '--texts <path>',
    'ids and texts of the vectors: lines of a .txt, or a table with columns id and text',
  )
  .action(async (folder: string, options: VectorsOptions) => {
    const { to, json } = options;
    const print = printer(json);
    const artifact = await readArtifact(await artifactFolder(folder));
    const { name, version } = artifact.manifest;
    const source = await sourceOf(artifact, options);
    const { count, dimensions, notes } = source;
    for (const note of notes) print(note);
    await write(to, source, version);
    if (json) console.log(JSON.stringify({ file: to, model: name, version, vectors: count, dimensions }));
    const limit =
      dimensions > MOST_DIMENSIONS ? `\nVectorize takes at most ${MOST_DIMENSIONS} dimensions.` : '';
    print(
      `${to}: ${count} vectors of ${dimensions} values, in the namespace ${version}. To create an index and fill it:\n` +
        `  npx wrangler vectorize create ${name} --dimensions=${dimensions} --metric=cosine\n` +
        `  npx wrangler vectorize upsert ${name} --file=${to}${limit}`,
    );
  });

async function sourceOf(artifact: Artifact, { data, texts }: VectorsOptions): Promise<VectorSource> {
  const { name, version, graphs } = artifact.manifest;
  if (graphs.similar !== undefined) {
    if (data === undefined && texts === undefined) return itemVectors(artifact);
    throw new InputError(
      `${name}@${version} is a recommender, whose items are written: leave out --data and --texts`,
    );
  }
  if (data === undefined) {
    throw new InputError(
      `${name}@${version} encodes vectors: expected them with --data vectors.npy, or a table with a column of lists`,
    );
  }
  const read = await readVectors(data);
  return codeVectors(artifact, texts === undefined ? read : await readRowNames(read, texts));
}

/** Writes next to the file first, which is complete or absent. */
async function write(to: string, { batches }: VectorSource, version: string): Promise<void> {
  const partial = `${to}.${process.pid}.partial`;
  const file = createWriteStream(partial);
  try {
    await once(file, 'open');
    for await (const batch of batches) {
      const text = batch.map((vector) => vectorLine(vector, version)).join('');
      if (!file.write(text)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'finish');
    await rename(partial, to);
  } catch (error) {
    file.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

await run(program);
