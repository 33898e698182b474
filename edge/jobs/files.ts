/** Addresses of files of rows and answers, and their formats. */
import { didYouMean } from '../../shared/didYouMean.ts';
import type { JobFormat } from '../../shared/jobsApi.ts';
import { ProblemError } from '../problems.ts';

const PREFIX = 'r2://jobs/';
/** Objects below this are those of jobs themselves. */
export const OWN_FOLDER = '.jobs/';
/** R2's limit is 1024 bytes, and the key of a list of problems is longer. */
const MAX_KEY = 900;

const FORMATS: Readonly<Record<string, JobFormat>> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  csv: 'csv',
  f32: 'float32',
  bin: 'float32',
};

/** Returns the key of an address. @throws {ProblemError} `invalid-body` for any other text. */
export function keyOf(member: 'input' | 'output', address: string): string {
  const key = address.slice(PREFIX.length);
  const bytes = new TextEncoder().encode(key).length;
  if (address.startsWith(PREFIX) && bytes > 0 && bytes <= MAX_KEY && !key.startsWith(OWN_FOLDER)) return key;
  const received = JSON.stringify(address.slice(0, 100));
  throw invalid(
    `${member}: expected r2://jobs/{key}, an object of the bucket with the binding JOBS_BUCKET, received ${received}`,
  );
}

/** Returns the address of a key. */
export function addressOfKey(key: string): string {
  return `${PREFIX}${key}`;
}

/** Returns the key of the list of problems next to an output. */
export function problemsKey(outputKey: string): string {
  return `${outputKey}.problems.ndjson`;
}

/** Returns the format that the ending of a key names. @throws {ProblemError} `invalid-body` if there is none. */
export function formatOfKey(
  member: 'input' | 'output',
  key: string,
  offered: readonly JobFormat[],
): JobFormat {
  const ending = /\.([^./]*)$/.exec(key)?.[1] ?? '';
  const format = FORMATS[ending.toLowerCase()];
  if (format !== undefined && offered.includes(format)) return format;
  const endings = Object.keys(FORMATS).filter((each) => offered.includes(FORMATS[each]!));
  const hint = member === 'input' ? ', or the format in the member "format"' : '';
  throw invalid(
    `${member}: expected a name that ends in .${endings.join(', .')}${hint}, received ${JSON.stringify(key.slice(-60))}${didYouMean(ending, endings)}`,
  );
}

export function invalid(detail: string): ProblemError {
  return new ProblemError('invalid-body', { detail });
}
