/** Submission of a job: everything about it is checked before anything is written. */
import { JOB_FORMATS, type Job, JobRequest } from '../../shared/jobsApi.ts';
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import { FLOATS, invokeValues } from '../calls/call.ts';
import type { RequestVariables } from '../environment.ts';
import type { JobBindings, JobBucket, StoredBody } from '../jobBindings.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { ProblemError } from '../problems.ts';
import { JSON_TYPE, requestMediaType } from '../requests/media.ts';
import { assertOffered } from '../requests/offered.ts';
import type { Operation, RowsOperation } from '../requests/operation.ts';
import { parseBody } from '../requests/parseBody.ts';
import { parseQuery } from '../requests/query.ts';
import { readBody } from '../requests/readBody.ts';
import { layoutOf, type RowLayout } from '../requests/rows/layout.ts';
import { csvStart } from './csvHeader.ts';
import { formatOfKey, invalid, keyOf, problemsKey } from './files.ts';
import { jobOf } from './jobs.ts';
import { type JobRecord, keys, newJobId } from './record.ts';

/** Bytes of the input that are looked at. */
const HEAD_BYTES = 256 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Reads and submits the job of a request. @throws {ProblemError} for anything that is wrong with it. */
export async function answerSubmission(
  request: Request,
  shared: RequestVariables,
  bindings: JobBindings,
): Promise<Job> {
  requestMediaType(request.headers, [JSON_TYPE]);
  const bytes = await readBody(request, shared);
  return submitJob(shared, bindings, parseBody(JobRequest, bytes));
}

/**
 * Submits a job, whose version is pinned from here on.
 * @throws {ProblemError} for anything that would have the job fail as a whole.
 */
async function submitJob(shared: RequestVariables, bindings: JobBindings, request: JobRequest): Promise<Job> {
  const { bucket, workflow } = bindings;
  const record = await recordOf(shared, bucket, request);
  await bucket.put(keys.record(record.id), JSON.stringify(record));
  try {
    await workflow.create({ id: record.id, params: { id: record.id } });
  } catch (error) {
    await bucket.delete([keys.record(record.id)]);
    throw error;
  }
  return jobOf(bindings, record.id, shared.caller);
}

async function recordOf(
  shared: RequestVariables,
  bucket: JobBucket,
  { model: reference, operation: name, query, input, output, format: given }: JobRequest,
): Promise<JobRecord> {
  const [inputKey, outputKey] = [keyOf('input', input), keyOf('output', output)];
  const format = given ?? formatOfKey('input', inputKey, JOB_FORMATS);
  const isFloats = formatOfKey('output', outputKey, ['ndjson', 'float32']) === 'float32';
  const manifest = await shared.models.find(reference);
  const { name: model, version } = manifest;
  assertOffered(manifest, name);
  const operation: Operation = OPERATIONS[name];
  parseQuery<unknown>(operation.query, query ?? {});
  if (operation.kind === 'body' && (format !== 'ndjson' || isFloats))
    throw invalid(`operation: ${name} takes a body per line; expected an input and an output of ndjson`);
  const [head, ...existing] = await Promise.all([
    headOf(bucket, inputKey),
    bucket.head(outputKey),
    bucket.head(problemsKey(outputKey)),
  ]);
  if (head === undefined) {
    const detail = `input: there is no object ${JSON.stringify(inputKey)} in the bucket with the binding JOBS_BUCKET.`;
    throw new ProblemError('unknown-object', { detail, received: input });
  }
  const found = existing.find((object) => object !== null);
  if (found) {
    const detail = `output: there is an object ${JSON.stringify(found.key)} already; jobs overwrite nothing.`;
    throw new ProblemError('object-exists', { detail, received: output });
  }
  const from = markBytes(head.bytes);
  const start = {
    ndjson: () => ({ start: from }),
    csv: () => csvStart(head.bytes, from, layoutFor(manifest, operation)),
    float32: () => ({ start: 0, rowBytes: rowBytesOf(layoutFor(manifest, operation), head.size) }),
  }[format]();
  return {
    ...{ id: newJobId(), caller: shared.caller.name, model, version, operation: name, query },
    ...{ input: inputKey, etag: head.etag, bytes: head.size, format, output: outputKey },
    ...{ rowBytes: undefined, columns: undefined, ignoredColumns: undefined, ...start },
    answerWidth: isFloats ? await answerWidth(shared, manifest, { name, query }) : undefined,
    createdAt: new Date().toISOString(),
  };
}

function layoutFor(manifest: Manifest, operation: Operation): RowLayout {
  const { graphs, takes } = operation as RowsOperation;
  return layoutOf(manifest, graphs[0], takes);
}

/** Reads the first bytes of an object; undefined for a missing one. */
async function headOf(bucket: JobBucket, key: string) {
  const object = await bucket.get(key, { range: { offset: 0, length: HEAD_BYTES } });
  if (object === null) return undefined;
  const { size, etag } = object;
  if (size === 0) throw invalid('input: expected rows, received an empty object');
  return { size, etag, bytes: new Uint8Array(await (object as StoredBody).arrayBuffer()) };
}

function markBytes(bytes: Uint8Array): number {
  return BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? BYTE_ORDER_MARK.length : 0;
}

function rowBytesOf({ width, input }: RowLayout, size: number): number {
  if (input === undefined)
    throw invalid('format: the rows of this model hold categories, which are text; expected ndjson or csv');
  const rowBytes = width * Float32Array.BYTES_PER_ELEMENT;
  if (size % rowBytes === 0) return rowBytes;
  throw invalid(
    `input: a row is ${width} float32 values; expected a multiple of ${rowBytes} bytes, received ${size} bytes`,
  );
}

/** Returns the number of float32 values of an answer, which a row of zeros is answered with. */
async function answerWidth(
  shared: RequestVariables,
  manifest: Manifest,
  { name, query }: Pick<JobRecord, 'query'> & { readonly name: OperationName },
): Promise<number> {
  const operation: Operation = OPERATIONS[name];
  const { width, input } = layoutFor(manifest, operation);
  if (operation.binary === undefined || input === undefined)
    throw invalid('output: this operation of this model has no float32 answers; expected .ndjson');
  const model = `${manifest.name}@${manifest.version}`;
  const call = { model, input: new Float32Array(width), options: { ...query } };
  return ((await invokeValues(shared, name, call, FLOATS)) as Float32Array).length;
}
