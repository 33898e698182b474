/** How other commands find a running `npm run serve`: a file beside its bucket, which has the key to that. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { VersionedBucket } from '../store/bucket.ts';
import { serveS3 } from '../store/s3Server.ts';
import type { LocalWorker } from './local.ts';

const FILE = join('artifacts', '.serving.json');

const Serving = z.strictObject({
  url: z.url(),
  runtime: z.string(),
  bucket: z.strictObject({ url: z.url(), accessKeyId: z.string() }),
});

export type Serving = z.infer<typeof Serving>;

/** Offers the bucket of a Worker to other processes of this user; the answer ends that. */
export async function announceServing(worker: LocalWorker, runtime: string): Promise<() => Promise<void>> {
  const accessKeyId = randomUUID();
  const server = await serveS3((await worker.bucket()) as VersionedBucket, accessKeyId);
  const serving: Serving = { url: worker.url.href, runtime, bucket: { url: server.url, accessKeyId } };
  await mkdir(dirname(FILE), { recursive: true });
  await writeFile(FILE, JSON.stringify(serving), { mode: 0o600 });
  // Miniflare ends the process by itself on a signal, before anything asynchronous gets its turn.
  process.once('exit', () => rmSync(FILE, { force: true }));
  return async () => {
    await rm(FILE, { force: true });
    await server.close();
  };
}

/** Undefined where there is none: the file of one that was killed leads nowhere. */
export async function findServing(): Promise<Serving | undefined> {
  const text = await readFile(FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const serving = Serving.parse(JSON.parse(text));
  const health = await fetch(new URL('/health', serving.url)).catch(() => undefined);
  await health?.arrayBuffer();
  return health?.ok ? serving : undefined;
}
