/** End points of a walk through latent space, as rows or codes. */
import * as z from 'zod';
import { JsonCodes, JsonRows, type UnseenCategory } from '../../shared/api.ts';
import { type Matrix, matrixOf, type NumberTensor } from '../../shared/tensor.ts';
import { ProblemError, type ProblemSlug } from '../problems.ts';
import type { RunningModel } from '../requests/operation.ts';
import { refuseAll, rowFaults } from '../requests/rows/faults.ts';
import { packJsonRows } from '../requests/rows/json.ts';
import { layoutOf } from '../requests/rows/layout.ts';
import { MAX_UNSEEN, unseenCategories } from '../requests/rows/unseen.ts';
import { encodeRows } from './codes.ts';

/** `rows` or `codes`, as members of a body. */
export const Ends = { rows: JsonRows.optional(), codes: JsonCodes.optional() } as const;

export interface EndCodes {
  readonly codes: Matrix;
  /** Categories that training did not see, if rows hold any. */
  readonly unseen?: readonly UnseenCategory[];
}

/**
 * Returns the codes of exactly `count` rows or codes.
 * @throws {ProblemError} `invalid-body` for both, neither, or another number of them.
 */
export async function endsOf(
  model: RunningModel,
  { rows, codes }: { readonly [member in keyof typeof Ends]?: z.infer<(typeof Ends)[member]> },
  count: number,
): Promise<EndCodes> {
  const given = rows ?? codes;
  if (given?.length !== count || (rows !== undefined && codes !== undefined)) {
    const detail = `Send exactly ${count} "rows" or ${count} "codes".`;
    throw new ProblemError('invalid-body', { detail });
  }
  const takes = rows === undefined ? 'codes' : 'rows';
  const layout = layoutOf(model.manifest, rows === undefined ? 'decoder' : 'encoder', takes);
  const inputs = packJsonRows(given, layout, refuseAll);
  if (rows === undefined) return { codes: matrixOf(inputs[layout.input!] as NumberTensor) };
  const batch = { inputs, rowCount: count, faults: rowFaults() };
  const unseen = unseenCategories(model.manifest, layout, batch, 0, MAX_UNSEEN);
  return { codes: await encodeRows(model, inputs), ...(unseen.length > 0 && { unseen }) };
}

/** Problems of end points, in addition to `invalid-body`. */
export const ENDS_PROBLEMS = [
  'wrong-shape',
  'invalid-number',
  'missing-feature',
  'unknown-feature',
] as const satisfies readonly ProblemSlug[];

/** The number of points of a walk. */
export const Steps = z.number().int().min(2).describe('The number of points, including both ends.');
