/** Answers of operations, in a form that JSON can carry to a test. */
import { type ProblemError, remoteProblem } from 'latentedge/edge';
import type { OperationName } from '../../../../shared/manifest.ts';

export interface SentCall {
  readonly name: OperationName;
  readonly model: string;
  readonly input?: unknown;
  readonly options?: object;
  /** Sends the input as float32 values if true; a number is their width. */
  readonly floats?: boolean | number;
}

export type SentAnswer =
  | { readonly floats: readonly number[] }
  | { readonly list: readonly unknown[]; readonly rest: object }
  | { readonly body: object }
  | { readonly problem: object };

export async function answerOf(
  input: unknown,
  { options, floats }: Pick<SentCall, 'options' | 'floats'>,
  call: (...args: unknown[]) => Promise<unknown>,
): Promise<Response> {
  const data = new Float32Array((floats ? (input as number[][]) : []).flat());
  const given = floats ? (floats === true ? data : { data, width: floats }) : input;
  try {
    const args = options === undefined ? [given] : [given, options];
    return Response.json(sentAnswer(await call(...args)));
  } catch (error) {
    const { name, slug, detail, row } = error as ProblemError & { row?: number };
    return Response.json({ problem: { name, slug, detail, row, read: remoteProblem(error) } });
  }
}

function sentAnswer(answer: unknown): SentAnswer {
  if (answer instanceof Float32Array) return { floats: [...answer] };
  if (!Array.isArray(answer)) return { body: answer as object };
  const rest = Object.fromEntries(Object.entries(answer).filter(([name]) => !/^\d+$/.test(name)));
  return { list: [...answer], rest };
}
