/** The API of jobs of a serving Worker, as commands use it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isLoopback } from '../../edge/access.ts';
import { createClient } from '../../edge/client.ts';
import type { Problem } from '../../shared/api.ts';
import { InputError } from '../../shared/errors.ts';
import type { Job, JobFormat } from '../../shared/jobsApi.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { keyValues } from '../cli/flags.ts';
import { USUAL } from '../scoring/chosenOperation.ts';
import { accountConnection } from '../store/account.ts';
import type { BucketConnection } from '../store/bucket.ts';
import { findServing } from '../worker/serving.ts';
import { jobsBucketName } from '../worker/wranglerToml.ts';

export interface SubmitFlags {
  readonly operation?: OperationName;
  readonly input?: string;
  readonly output?: string;
  readonly format?: JobFormat;
  readonly query: readonly string[];
}

export interface JobsApi {
  /** The bucket of jobs, for rows that are uploaded and answers that are fetched. */
  bucket(): Promise<BucketConnection>;
  /** Submits a job; what is decided for the user is printed. */
  submit(model: string, flags: SubmitFlags, print: (line: string) => void): Promise<Job>;
  job(id: string): Promise<Job>;
  cancel(id: string): Promise<Job>;
  list(): Promise<Job[]>;
}

const ATTEMPTS = 10;
const PAUSE_MS = 1000;
/** Addresses of the bucket of jobs begin with it. */
export const PREFIX = 'r2://jobs/';

/**
 * Opens the API of the Worker at `url`, or else of LATENTEDGE_URL or a running serve. Its calls throw an `InputError` for
 * what the Worker refuses.
 * @throws {InputError} if there is no Worker.
 */
export async function jobsApi(url: string | undefined): Promise<JobsApi> {
  const named = url ?? process.env.LATENTEDGE_URL;
  const running = await findServing();
  const serving = named === undefined || isSameWorker(named, running?.url) ? running : undefined;
  const address = named ?? serving?.url;
  if (address === undefined) {
    throw new InputError(
      'expected the address of a serving Worker: --url https://..., LATENTEDGE_URL, or a running serve',
    );
  }
  const key = process.env.LATENTEDGE_API_KEY ?? serving?.key;
  const { v1 } = createClient(
    address,
    key === undefined ? {} : { headers: { Authorization: `Bearer ${key}` } },
  );
  const ask = async <Body>(send: () => Promise<Reply>): Promise<Body> => {
    const response = await send().catch((cause: unknown) => {
      throw new InputError(`${address}: no Worker answers`, { cause });
    });
    const body = await response.json().catch(() => undefined);
    if (response.ok && body !== undefined) return body as Body;
    const { detail } = (body ?? {}) as Partial<Problem>;
    throw new InputError(
      `${address}: ${detail ?? `expected the API, received the status ${response.status}`}`,
    );
  };
  return {
    bucket: async () =>
      serving === undefined
        ? accountConnection('the bucket of jobs', await jobsBucketName())
        : // Signatures are not checked on this machine.
          { ...serving.jobs, secretAccessKey: 'local' },
    submit: async (model, { operation: given, format, ...flags }, print) => {
      const input = addressOf(required(flags.input, '--input, the key of an object in the bucket of jobs'));
      const operation =
        given ??
        (await usualOperation(
          ask(() => v1.models[':model'].$get({ param: { model } })),
          print,
        ));
      const output = flags.output === undefined ? besides(input, operation) : addressOf(flags.output);
      if (flags.output === undefined) print(`output: ${output}; --output names another`);
      const query = flags.query.length === 0 ? undefined : keyValues(flags.query);
      return ask(() =>
        v1.jobs.$post({
          json: { model, operation, input, output, ...(query && { query }), ...(format && { format }) },
        }),
      );
    },
    job: (id) => ask(() => patiently(() => v1.jobs[':id'].$get({ param: { id } }))),
    cancel: (id) => ask(() => v1.jobs[':id'].$delete({ param: { id } })),
    list: async () => (await ask<{ jobs: Job[] }>(() => v1.jobs.$get())).jobs,
  };
}

/** True if both are of one Worker on this machine, by whatever name. */
function isSameWorker(named: string, running: string | undefined): boolean {
  if (running === undefined || !URL.canParse(named)) return false;
  const { hostname, port } = new URL(named);
  return isLoopback(hostname.replace(/^\[|\]$/g, '')) && port === new URL(running).port;
}

/** Repeats a request that reads while the network, or a Worker that is busy, fails. */
async function patiently<Response extends Reply>(send: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await send();
      if (response.status < 500 || attempt === ATTEMPTS) return response;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

interface Reply {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
}

/** @throws {InputError} if it is missing. */
export function required(value: string | undefined, what: string): string {
  if (value !== undefined) return value;
  throw new InputError(`expected ${what}`);
}

function addressOf(key: string): string {
  return key.startsWith('r2://') ? key : `${PREFIX}${key}`;
}

/** `r2://jobs/november.csv` to `r2://jobs/november.score.ndjson`. */
function besides(input: string, operation: string): string {
  return `${input.replace(/\.[^./]*$/, '')}.${operation}.ndjson`;
}

async function usualOperation(
  description: Promise<{ readonly operations: readonly OperationName[] }>,
  print: (line: string) => void,
): Promise<OperationName> {
  const { operations } = await description;
  const chosen = USUAL.find((name) => operations.includes(name));
  if (chosen === undefined) throw new InputError(`expected --operation, one of ${operations.join(', ')}`);
  print(`operation: ${chosen}; --operation names another`);
  return chosen;
}
