/** Lines of a file that `wrangler vectorize upsert` reads. */
import { InputError } from '../../shared/errors.ts';

/** Values of metadata by name: text, numbers and booleans. */
export type Metadata = Readonly<Record<string, string | number | boolean>>;

/** Vectors of a model that are written, batch by batch. */
export interface VectorSource {
  readonly count: number;
  readonly dimensions: number;
  /** Decisions about what is written, for people to check. */
  readonly notes: readonly string[];
  readonly batches: AsyncIterable<readonly Vector[]>;
}

export interface Vector {
  /** Unique within the version. */
  readonly id: string;
  readonly values: readonly number[];
  readonly metadata: Metadata;
}

/** Most bytes of an id in Vectorize, and most dimensions of an index. */
const MOST_ID_BYTES = 64;
export const MOST_DIMENSIONS = 1536;

/**
 * Returns a vector as a line of JSON, in the namespace of the version. The version is part of the id, which is unique
 * across namespaces.
 * @throws {InputError} if the id is too long for Vectorize.
 */
export function vectorLine({ id, values, metadata }: Vector, version: string): string {
  const own = `${version}/${id}`;
  const bytes = Buffer.byteLength(own);
  if (bytes > MOST_ID_BYTES) {
    throw new InputError(
      `id ${id}: expected at most ${MOST_ID_BYTES - Buffer.byteLength(`${version}/`)} bytes, since Vectorize takes ${MOST_ID_BYTES} with the version, received ${Buffer.byteLength(id)}; shorten ids with SQL: --data "SELECT md5(id) AS id, ... FROM ..."`,
    );
  }
  return `${JSON.stringify({ id: own, namespace: version, values, metadata })}\n`;
}
