/** The variable `LOG_ROWS`: the models whose rows are logged, and what of them. Nothing is logged by default. */
import * as z from 'zod';
import { didYouMean } from '../../shared/didYouMean.ts';
import { ModelName } from '../../shared/manifest.ts';
import { json, readVariables } from '../variables.ts';

const MEMBERS = ['share', 'leaveOut', 'hash'];
/** Shorter ones can be guessed. */
const MIN_SALT_LENGTH = 32;

const Columns = z.array(z.string('expected the name of a column'), 'expected a list of columns');

/** The schema of the log of one model. */
const RowPolicy = z.strictObject(
  {
    share: z
      .number('expected the share of requests to log, a number above 0 and up to 1')
      .gt(0, 'expected a share above 0; a model that is not named is not logged')
      .max(1, 'expected a share up to 1'),
    leaveOut: Columns.default([]),
    hash: Columns.default([]),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `expected ${MEMBERS.join(', ')}, received '${issue.keys[0]}'${didYouMean(issue.keys[0]!, MEMBERS)}`
        : 'expected a table, for instance { share = 0.01 }',
  },
);

/** The share of a model's requests that is logged, and its columns that are left out or hashed. */
export type RowPolicy = z.output<typeof RowPolicy>;

export interface RowLogging {
  /** By the name of the model. */
  readonly models: Readonly<Record<string, RowPolicy>>;
  /** The secret that hashes depend on; required if any column is hashed. */
  readonly salt?: string;
}

const LogRows = json(
  z.record(
    ModelName,
    RowPolicy,
    'expected a table by the names of models, for instance { pumps = { share = 0.01 } }',
  ),
).default({});

const Variables = z
  .object({
    LOG_ROWS: LogRows,
    ROWS_SALT: z
      .string()
      .min(
        MIN_SALT_LENGTH,
        `expected at least ${MIN_SALT_LENGTH} characters, for instance of "openssl rand -hex 32"`,
      )
      .optional(),
  })
  .superRefine(({ LOG_ROWS, ROWS_SALT }, context) => {
    for (const [model, { leaveOut, hash }] of Object.entries(LOG_ROWS)) {
      const issue = (member: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['LOG_ROWS', model, member], message });
      const both = hash.find((column) => leaveOut.includes(column));
      if (both !== undefined) issue('hash', `'${both}' is left out, so it cannot be hashed: name it once`);
      if (hash.length > 0 && ROWS_SALT === undefined)
        issue('hash', 'needs the secret ROWS_SALT: npx wrangler secret put ROWS_SALT');
    }
  });

/**
 * Reads `LOG_ROWS`, as JSON or as a table of `[vars]`, and the secret `ROWS_SALT`.
 * @throws {Error} naming the variable and what is wrong with it.
 *
 * @example
 * const { models } = readRowLogging({ LOG_ROWS: { pumps: { share: 0.01, leaveOut: ['site'] } } });
 */
export function readRowLogging(variables: unknown): RowLogging {
  const { LOG_ROWS, ROWS_SALT } = readVariables(Variables, variables);
  return { models: LOG_ROWS, ...(ROWS_SALT !== undefined && { salt: ROWS_SALT }) };
}
