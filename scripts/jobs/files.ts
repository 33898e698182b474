/** Files of rows that are uploaded to the bucket of jobs, and files of answers that are fetched from it. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SingleBar } from 'cli-progress';
import type { Job } from '../../shared/jobsApi.ts';
import { count } from '../../training/report/format.ts';
import { readObject, uploadFile } from '../store/multipart.ts';
import { type JobsApi, PREFIX } from './api.ts';

/** Uploads a file under its own name, or another key. Returns the key. */
export async function uploaded(
  api: JobsApi,
  path: string,
  given: string | undefined,
  print: (line: string) => void,
): Promise<string> {
  const key = given?.replace(PREFIX, '') ?? basename(path);
  const bar = new SingleBar({
    format: 'upload [{bar}] {percentage}% | {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  let bytes = 0;
  try {
    await uploadFile(await api.bucket(), key, path, (done, all) => {
      bytes = all;
      if (!process.stderr.isTTY) return;
      if (!bar.isActive) bar.start(all, done);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
  print(`uploaded ${path} to ${PREFIX}${key}, ${count(bytes)} bytes`);
  return key;
}

/** Fetches the answers of a job into a file, which is complete or absent. */
export async function fetchAnswers(api: JobsApi, { output }: Job, path: string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const body = await readObject(await api.bucket(), output.slice(PREFIX.length));
    await pipeline(
      Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
      createWriteStream(partial),
    );
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
