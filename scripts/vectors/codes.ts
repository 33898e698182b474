/** The codes of rows, such as embeddings of documents, as vectors. */
import { InputError } from '../../shared/errors.ts';
import { shortestFloats } from '../../shared/shortestFloat.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import type { Dataset, RowNames } from '../../training/data/dataset.ts';
import { outputBatches } from '../../training/evaluate/outputs.ts';
import type { Vector, VectorSource } from './vector.ts';

/** Rows per run of the graph. */
const BATCH = 256;

/** Most bytes of a text in the metadata of a vector, for which Vectorize has 10 KiB. */
const MOST_TEXT_BYTES = 8192;

/**
 * @throws {InputError} if the model does not encode rows of numbers, if the rows have another width, or two of them
 * the same id.
 */
export function codeVectors({ manifest, graphs }: Artifact, data: Dataset): VectorSource {
  const { name, version, features, codeSize } = manifest;
  const { encoder } = graphs;
  if (encoder === undefined || codeSize === undefined || features.columns !== undefined) {
    throw new InputError(
      `${name}@${version}: expected a model that encodes vectors, such as one of the recipe embeddings, or a recommender`,
    );
  }
  if (data.rows.width !== features.count) {
    throw new InputError(
      `${data.source}: expected vectors of ${features.count} values for ${name}, received ${data.rows.width}`,
    );
  }
  const { ids, texts } = data.names ?? {};
  if (ids !== undefined) requireUnique(ids, data.source);
  const long = texts?.filter((text) => Buffer.byteLength(text) > MOST_TEXT_BYTES).length ?? 0;
  return {
    count: data.rows.rowCount,
    dimensions: codeSize,
    notes: [
      ...(data.notes ?? []),
      ...(ids === undefined ? ['id = number of the row, from 0'] : []),
      ...(long === 0
        ? []
        : [`${long} texts are longer than ${MOST_TEXT_BYTES} bytes, and cut: metadata have 10 KiB`]),
    ],
    batches: batchesOf(encoder, manifest.graphs.encoder!.outputs[0]!.name, data),
  };
}

async function* batchesOf(encoder: Uint8Array, output: string, data: Dataset): AsyncGenerator<Vector[]> {
  let first = 0;
  for await (const { rowCount, outputs } of outputBatches(encoder, data.rows, BATCH)) {
    const codes = outputs[output]!;
    const width = codes.length / rowCount;
    yield Array.from({ length: rowCount }, (_, i) => ({
      ...named(data.names, first + i),
      values: shortestFloats(codes.subarray(i * width, (i + 1) * width)),
    }));
    first += rowCount;
  }
}

function named(names: RowNames | undefined, row: number): Pick<Vector, 'id' | 'metadata'> {
  const [id, text] = [names?.ids?.[row] ?? `${row}`, names?.texts?.[row]];
  return { id, metadata: { id, ...(text !== undefined && { text: cut(text) }) } };
}

/** Cuts a text between characters. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= MOST_TEXT_BYTES) return text;
  // An incomplete character at the end is left out.
  return new TextDecoder().decode(Buffer.from(text).subarray(0, MOST_TEXT_BYTES), { stream: true });
}

function requireUnique(ids: readonly string[], source: string): void {
  const rows = new Map<string, number>();
  for (const [row, id] of ids.entries()) {
    const before = rows.get(id);
    if (before !== undefined || id === '') {
      const found =
        before === undefined ? `none in row ${row + 1}` : `${id} in rows ${before + 1} and ${row + 1}`;
      throw new InputError(`${source}: expected an id of its own for each row, found ${found}`);
    }
    rows.set(id, row);
  }
}
