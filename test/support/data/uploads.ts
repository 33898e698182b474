/** Uploads of a file of several parts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { BucketConnection } from '../../../scripts/store/bucket.ts';
import { readObject, uploadFile } from '../../../scripts/store/multipart.ts';
import { temporaryFolder } from './data.ts';

const MIB = 1024 * 1024;

/** Uploads 40 MiB, which are three parts, and expects the same bytes from the bucket. */
export async function expectUploads(connection: BucketConnection): Promise<void> {
  const path = join(temporaryFolder(), 'rows.bin');
  const bytes = Buffer.alloc(40 * MIB);
  // Different in each part.
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
  writeFileSync(path, bytes);
  const progress: number[] = [];
  await uploadFile(connection, 'a folder/é.bin', path, (done) => progress.push(done));
  expect(progress).toHaveLength(3);
  expect(progress.at(-1)).toBe(bytes.length);
  const stored = await new Response(await readObject(connection, 'a folder/é.bin')).arrayBuffer();
  expect(Buffer.compare(Buffer.from(stored), bytes)).toBe(0);
}
