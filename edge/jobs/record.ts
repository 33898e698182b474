/** The state of a job in its bucket: the record, the progress and the end, each an object of its own. */
import type { JobFormat } from '../../shared/jobsApi.ts';
import type { OperationName } from '../../shared/manifest.ts';
import type { JobBucket } from '../jobBindings.ts';
import { OWN_FOLDER } from './files.ts';
import type { CsvColumns } from './packLines.ts';

/** Is written once, when the job is submitted. */
export interface JobRecord {
  readonly id: string;
  /** Name of the API key that submitted the job; null without a key. */
  readonly caller: string | null;
  readonly model: string;
  readonly version: string;
  readonly operation: OperationName;
  readonly query: Readonly<Record<string, string>> | undefined;
  /** Key of the rows. The etag pins their content. */
  readonly input: string;
  readonly etag: string;
  readonly bytes: number;
  readonly format: JobFormat;
  /** Position of the first row in the input. */
  readonly start: number;
  /** Bytes of a row of float32 values; undefined for text. */
  readonly rowBytes: number | undefined;
  readonly columns: CsvColumns | undefined;
  readonly ignoredColumns: readonly string[] | undefined;
  readonly output: string;
  /** Values of an answer of float32 values; undefined for an output of JSON. */
  readonly answerWidth: number | undefined;
  readonly createdAt: string;
}

/** Is written by the Workflow. */
export interface JobProgress {
  readonly state: 'planning' | 'running' | 'joining';
  /** Rows of the chunks that are planned so far, and of those that are answered. */
  readonly planned: number;
  readonly done: number;
  /** Rows of these with a problem. */
  readonly unanswered: number;
  /** Milliseconds since 1970, of this writing, and by when the next one is due. */
  readonly at: number;
  readonly due: number;
}

export const INPUT_CHANGED = 'the input was replaced or deleted while the job ran: submit it again';

/** Is written once: the first end counts. */
export interface JobEnd {
  readonly state: 'done' | 'failed' | 'cancelled';
  readonly at: string;
  readonly problem?: string;
}

/** Digits of the index of a chunk, so that keys sort by it. */
const DIGITS = 9;

/** Keys of the objects of a job. */
export const keys = {
  record: (id: string) => `${OWN_FOLDER}${id}/job.json`,
  progress: (id: string) => `${OWN_FOLDER}${id}/progress.json`,
  end: (id: string) => `${OWN_FOLDER}${id}/end.json`,
  /** Numbered objects, which are deleted when the job ends. */
  parts: (id: string, kind: PartKind) => `${OWN_FOLDER}${id}/${kind}/`,
  part: (id: string, kind: PartKind, index: number) =>
    `${OWN_FOLDER}${id}/${kind}/${String(index).padStart(DIGITS, '0')}`,
};

/** Planned chunks by the index of their first, answers, and lists of problems by the index of the chunk. */
export const PART_KINDS = ['plan', 'answers', 'problems'] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** Returns the index in the key of a part. */
export function indexOfPart(key: string): number {
  return Number(key.slice(-DIGITS));
}

/** Returns an id. Ids sort by time, the newest first, which is the order in which R2 lists keys. */
export function newJobId(now = Date.now()): string {
  const left = (Number.MAX_SAFE_INTEGER - now).toString(36).padStart(11, '0');
  return `${left}-${crypto.randomUUID().slice(0, 8)}`;
}

/** The form of ids, which are parts of keys. */
export const JOB_ID = /^[0-9a-z]{11}-[0-9a-f]{8}$/;

/** Reads an object that this module wrote; undefined for a missing one. */
export async function readJson<Value>(bucket: JobBucket, key: string): Promise<Value | undefined> {
  const object = await bucket.get(key);
  if (object === null || !('body' in object)) return undefined;
  return JSON.parse(new TextDecoder().decode(await object.arrayBuffer())) as Value;
}

/** Writes the end of a job, unless it has ended already. Returns false if it has. */
export async function endJob(bucket: JobBucket, id: string, end: Omit<JobEnd, 'at'>): Promise<boolean> {
  const text = JSON.stringify({ ...end, at: new Date().toISOString() } satisfies JobEnd);
  const written = await bucket.put(keys.end(id), text, { onlyIf: { etagDoesNotMatch: '*' } });
  return written !== null;
}
