/** The API that the playground is served with, through the typed client; and the reader's API key. */
import type { ClientResponse, InferRequestType, InferResponseType } from 'hono/client';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ModelDescription, ModelSummary, Problem } from '../../shared/api.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { createClient } from '../client.ts';

/** The address of the API: the playground is one folder below it, wherever that is. */
export const API = new URL('..', location.href.split(/[?#]/, 1)[0]).href.replace(/\/$/, '');

type Client = ReturnType<typeof createClient>;
type Post<Name extends OperationName> = Client['v1']['models'][':model'][Name]['$post'];
export type BodyOf<Name extends OperationName> = InferRequestType<Post<Name>>['json'];
export type AnswerOf<Name extends OperationName> = InferResponseType<Post<Name>, 200>;

/** An operation on a model, as it is sent, and shown as code to copy. */
export interface Call<Name extends OperationName = OperationName> {
  readonly model: string;
  readonly operation: Name;
  readonly body: BodyOf<Name>;
  readonly query?: Readonly<Record<string, string>>;
}

/** An answer other than 200: its message is the problem's own explanation. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  /** The problem as the API has it; one without an answer has only these members. */
  readonly problem: Pick<Problem, 'status' | 'detail'> & Partial<Problem>;
  constructor(problem: Pick<Problem, 'status' | 'detail'> & Partial<Problem>) {
    super(problem.detail);
    this.status = problem.status;
    this.problem = problem;
  }
}

export interface Service {
  readonly models: () => Promise<readonly ModelSummary[]>;
  readonly describe: (model: string) => Promise<ModelDescription>;
  readonly run: <Name extends OperationName>(
    call: Call<Name>,
    signal?: AbortSignal,
  ) => Promise<AnswerOf<Name>>;
  /** The number of values of a row that a graph of a model takes: those of `forecast` are shorter than the model's. */
  readonly widthOf: (model: string, graph: string) => Promise<number | undefined>;
}

/** @param key The API key; empty for none. It is in memory only. */
export function createService(key: string): Service {
  const headers = key === '' ? {} : { 'X-API-Key': key };
  const { v1 } = createClient(API, { headers });
  return {
    models: async () => (await okOf(v1.models.$get())).models,
    describe: (model) => okOf(v1.models[':model'].$get({ param: { model } })),
    run: ({ model, operation, body, query = {} }, signal) => {
      // TypeScript cannot see that operation and body belong together.
      const post = v1.models[':model'][operation].$post as unknown as UntypedPost;
      return okOf(post({ param: { model }, json: body, query }, { init: { signal: signal ?? null } }));
    },
    widthOf: async (model, graph) => {
      const response = await fetch(`${API}/v2/models/${model}.${graph}`, { headers });
      if (!response.ok) throw new ServiceError({ status: response.status, detail: response.statusText });
      const { inputs } = (await response.json()) as { inputs: readonly { shape: readonly number[] }[] };
      return inputs.length === 1 ? inputs[0]?.shape[1] : undefined;
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: any answer of any operation
type AnyResponse = ClientResponse<any, any, any>;
type UntypedPost = (request: object, options: object) => Promise<AnyResponse>;
type Ok<Response> = Response extends ClientResponse<infer Body, 200, 'json'> ? Body : never;

/** @throws {ServiceError} for every other answer, also for none: its status is then 0. */
async function okOf<Response extends AnyResponse>(pending: Promise<Response>): Promise<Ok<Response>> {
  const response = await pending.catch((cause: unknown) => {
    if (cause instanceof DOMException) throw cause;
    throw new ServiceError({
      status: 0,
      detail: `The Worker at ${API} does not answer: is it still running?`,
    });
  });
  if (response.ok) return (await response.json()) as Ok<Response>;
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const { detail = `${response.status} ${response.statusText}` } = problem;
  throw new ServiceError({ ...problem, status: response.status, detail });
}

export const ServiceContext = createContext<Service>(createService(''));
export const useService = (): Service => useContext(ServiceContext);
