/** One call of a tool: from its arguments to its result. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { decodeBase64 } from 'hono/utils/encode';
import { describeJson } from '../../shared/tensor.ts';
import { type Answering, invokeValues, neverInPieces } from '../calls/call.ts';
import { type PartedOptions, partedOptions } from '../calls/input.ts';
import { problemOf } from '../middleware/errors.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { PROBLEMS, ProblemError } from '../problems.ts';
import type { Door } from '../requests/invoke.ts';
import type { Operation } from '../requests/operation.ts';
import { checkedBody } from '../requests/parseBody.ts';
import { batchOf } from '../requests/readRows.ts';
import { wholeBody } from '../requests/respond.ts';
import { rowFaults } from '../requests/rows/faults.ts';
import { loadDecoder, packImage } from '../requests/rows/image.ts';
import type { Shared } from '../requests/running.ts';
import { resultOf } from './result.ts';
import type { ModelTool } from './tools.ts';

export type ToolArguments = Readonly<Record<string, unknown>>;

/**
 * Calls a tool. A problem becomes a result that says what is wrong and what to do: models read these, and not
 * the errors of the protocol.
 *
 * @param canaryKey Decides whether a canary answers; by default, the arguments do.
 */
export async function callTool(
  shared: Shared,
  { model, operation: name }: Pick<ModelTool, 'model' | 'operation'>,
  args: ToolArguments,
  canaryKey: string | null,
): Promise<CallToolResult> {
  shared.record.operation = name;
  try {
    const { input, options, rows } = await partedArguments(OPERATIONS[name], args);
    const answering: Answering<CallToolResult> = {
      ...(rows && { rows }),
      answer: (answer, { manifest }) => resultOf(manifest, wholeBody(manifest, answer, described)),
      pieces: neverInPieces,
    };
    const all = { ...options, ...(canaryKey !== null && { canaryKey }) };
    return await invokeValues(shared, name, { model, input, options: all }, answering);
  } catch (error) {
    const { slug, detail } = problemOf(error, shared.record);
    const { title, help } = PROBLEMS[slug];
    return { isError: true, content: [{ type: 'text', text: `${title} (${slug}): ${detail}\n${help}` }] };
  }
}

/** The arguments by their place in a call; `rows` reads an image. */
async function partedArguments(operation: Operation, args: ToolArguments) {
  if (operation.kind === 'body') return { input: {}, options: args };
  const { [operation.takes]: input, ...options } = args;
  if (operation.takes === 'codes' || options.image === undefined) return { input, options };
  const { image, ...others } = options;
  if (input !== undefined) throw invalid('Send either "rows" or "image", not both.');
  await loadDecoder();
  return {
    input: image,
    options: others,
    rows: imageReader(image, partedOptions(operation, others).members),
  };
}

function imageReader(image: unknown, members: PartedOptions['members']): Door<CallToolResult>['rows'] {
  return (operation, layout, { manifest, maxRows }) => {
    const inputs = packImage(bytesOf(image), manifest, layout);
    const body = checkedBody(operation.body, { [operation.takes]: [], ...members });
    return batchOf(operation, manifest, { inputs, body, faults: rowFaults() }, maxRows);
  };
}

function bytesOf(image: unknown): Uint8Array<ArrayBuffer> {
  if (typeof image !== 'string')
    throw invalid(`image: expected a PNG file as base64, received ${describeJson(image)}`);
  try {
    // Clients may send it as the data URL that browsers make.
    return new Uint8Array(decodeBase64(image.replace(/^data:image\/png;base64,/, '')));
  } catch (cause) {
    throw new ProblemError('unsupported-image', { detail: 'The image is not base64.' }, { cause });
  }
}

function invalid(detail: string): ProblemError {
  return new ProblemError('invalid-body', { detail });
}

function described({ slug, members }: ProblemError): object {
  return { problem: slug, ...members };
}
