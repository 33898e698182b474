/**
 * Discovery of a running `npm run serve` by other commands, through a file that holds its address, its key
 * and those of its buckets.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';

import { serveS3 } from '../store/s3Server.ts';
import type { LocalWorker } from './local.ts';

const FILE = join('artifacts', '.serving.json');

const Serving = z.strictObject({
  /** `serve` stays until it is stopped; a `run` ends by itself. */
  kind: z.enum(['serve', 'run']),
  url: z.url(),
  /** A key of the Worker, for everything. */
  key: z.string(),
  runtime: z.string(),
  bucket: z.strictObject({ url: z.url(), accessKeyId: z.string() }),
  /** The bucket of jobs. */
  jobs: z.strictObject({ url: z.url(), accessKeyId: z.string() }),
  /** The bucket of logged rows. */
  rows: z.strictObject({ url: z.url(), accessKeyId: z.string() }),
});

export type Serving = z.infer<typeof Serving>;

/**
 * Serves the bucket of a Worker to other processes of this user. Returns a function that stops serving it.
 */
export async function announceServing(
  worker: LocalWorker,
  runtime: string,
  kind: Serving['kind'],
): Promise<() => Promise<void>> {
  const accessKeyId = randomUUID();
  const server = await serveS3(await worker.bucket(), accessKeyId);
  const jobsServer = await serveS3(await worker.bucket('JOBS_BUCKET'), accessKeyId);
  const rowsServer = await serveS3(await worker.bucket('ROWS'), accessKeyId);
  const { url, key } = worker;
  const serving: Serving = {
    ...{ kind, url: url.href, key, runtime },
    bucket: { url: server.url, accessKeyId },
    jobs: { url: jobsServer.url, accessKeyId },
    rows: { url: rowsServer.url, accessKeyId },
  };
  await mkdir(dirname(FILE), { recursive: true });
  await writeFile(`${FILE}.new`, JSON.stringify(serving), { mode: 0o600 });
  await rename(`${FILE}.new`, FILE);
  // A signal ends the process before anything asynchronous can run.
  process.once('exit', () => rmSync(FILE, { force: true }));
  return async () => {
    await rm(FILE, { force: true });
    await server.close();
    await jobsServer.close();
    await rowsServer.close();
  };
}

/**
 * Finds a Worker that other processes may use; undefined if there is none any more, for instance after it was
 * killed, or before `signal` is aborted. Its bucket answers for it: a Worker of the user's own has other paths.
 */
export async function findServing(file = FILE, signal?: AbortSignal): Promise<Serving | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const serving = Serving.parse(JSON.parse(text));
  const answer = await fetch(serving.bucket.url, signal && { signal })
    .then((response) => response.arrayBuffer())
    .catch(() => undefined);
  return answer && serving;
}
