/** Driving the built Worker in workerd. */
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { PROBLEMS, type ProblemSlug } from '../../../edge/problems.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import type { WorkerBuild } from '../../../scripts/worker/build.ts';
import { startWorker } from '../../../scripts/worker/worker.ts';
import { Problem } from '../../../shared/api.ts';
import { fetchFresh } from './fetchFresh.ts';

export const JSON_TYPE = 'application/json';
export const BINARY_TYPE = 'application/octet-stream';

export interface EdgeWorker {
  readonly url: URL;
  /** What the Worker has logged so far. */
  readonly logs: readonly string[];
  /** A bucket of the Worker: by default, the one that it reads models from. */
  bucket(binding?: string): Promise<ModelBucket>;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** POSTs JSON: text as it is, anything else serialised. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** POSTs float32 rows. */
  postBinary(
    path: string,
    rows: readonly (readonly number[])[],
    headers?: Record<string, string>,
  ): Promise<Response>;
}

/**
 * Starts the built Worker before the file's tests and stops it after them; its first request is a cold one. `rateLimit`
 * is in requests a minute.
 */
export function edgeWorker(variables?: Readonly<Record<string, string>>, rateLimit?: number): EdgeWorker {
  let running: StartedWorker | undefined;
  beforeAll(async () => {
    running = await startEdgeWorker(inject('build'), variables, rateLimit);
  });
  afterAll(() => running?.dispose());
  const worker = (): StartedWorker => {
    if (!running) throw new Error('the Worker runs only inside tests');
    return running;
  };
  return {
    get url() {
      return worker().url;
    },
    get logs() {
      return worker().logs;
    },
    bucket: (binding) => worker().bucket(binding),
    request: (path, init) => worker().request(path, init),
    post: (path, body, headers) => worker().post(path, body, headers),
    postBinary: (path, rows, headers) => worker().postBinary(path, rows, headers),
  };
}

export interface StartedWorker extends EdgeWorker {
  dispose(): Promise<void>;
}

/** Starts a build at once. */
export async function startEdgeWorker(
  build: WorkerBuild,
  variables?: Readonly<Record<string, string>>,
  rateLimit?: number,
): Promise<StartedWorker> {
  const logs: string[] = [];
  const log = (line: string) => logs.push(line);
  const { url, bucket, dispose } = await startWorker(build, {
    log,
    ...(variables && { variables }),
    ...(rateLimit !== undefined && { rateLimit }),
  });
  const request = (path: string, init?: RequestInit) => fetchFresh(new URL(path, url), init);
  return {
    ...{ url, logs, bucket, dispose, request },
    post: (path, body, headers) =>
      request(path, {
        method: 'POST',
        headers: { 'Content-Type': JSON_TYPE, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    postBinary: (path, rows, headers) =>
      request(path, {
        method: 'POST',
        headers: { 'Content-Type': BINARY_TYPE, ...headers },
        body: new Float32Array(rows.flat()),
      }),
  };
}

/** Checks that a response is one kind of problem, whole and without internals, and answers its body. */
export async function expectProblem(response: Response, slug: ProblemSlug): Promise<Problem> {
  const text = await response.text();
  expect(text).toContain(`/problems/${slug}"`);
  expect(response.status).toBe(PROBLEMS[slug].status);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(text).not.toMatch(/\bat [\w.]+ \(|\.[jt]s:\d|onnxruntime|OrtRun|Error:/);
  const problem = Problem.parse(JSON.parse(text));
  expect(new URL(problem.type).pathname).toBe(`/problems/${slug}`);
  expect(problem).toMatchObject({ status: response.status, title: PROBLEMS[slug].title });
  return problem;
}

/** The float32 values of a binary answer, as rows of `width`. */
export async function readRows(response: Response, width: number): Promise<number[][]> {
  const values = Array.from(new Float32Array(await response.arrayBuffer()));
  return Array.from({ length: values.length / width }, (_, row) =>
    values.slice(row * width, (row + 1) * width),
  );
}
