/** Roles of a table's columns, inferred from their values; every choice can be overridden. */
import { InputError } from '../../shared/errors.ts';
import { type ColumnSummary, formatValues, summarize } from './summary.ts';
import { type Column, type ColumnNote, type ColumnType, columnOf, type Table } from './table.ts';

/**
 * `feature`: an input of the model. `target`: predicted or compared with, never an input. `label`: the same, for a
 * column that marks anomalies.
 */
export type Role = 'feature' | 'target' | 'label' | 'ignored';

/**
 * Scaling or encoding of a feature. `standard`: subtract the mean, divide by the standard deviation;
 * `minmax`: scale to [0, 1]; `log1p`: log(1 + x), then `standard`; `symlog`: the same for values of either
 * sign, finite for every number; `one-hot`: one number per category.
 */
export type ProposedTransform = 'standard' | 'minmax' | 'log1p' | 'symlog' | 'one-hot';

export interface ColumnRole {
  readonly name: string;
  readonly type: ColumnType;
  readonly role: Role;
  /** Null if the column is ignored. */
  readonly transform: ProposedTransform | null;
  /** Reason for ignoring the column; otherwise empty. */
  readonly reason: string;
  /** Share of the rows with a missing value, in [0, 1]. */
  readonly missing: number;
  /** Range or most frequent categories, as text. */
  readonly values: string;
  /** Decisions about how its text was read. */
  readonly notes?: readonly ColumnNote[];
}

export type RoleOverrides = Readonly<
  Record<string, { readonly role?: Role; readonly transform?: ProposedTransform } | undefined>
>;

/** Limit on categories, since one-hot encoding needs a number for each. */
const MAX_CATEGORIES = 100;
/** Integers with at most this many distinct values are taken as levels of a bounded scale. */
const MAX_LEVELS = 20;
/** Skewness of an exponential distribution. */
const HEAVY_SKEW = 2;
/** Names of identifiers: `id`, `user_id`, `userId`. */
const IDENTIFIER = /(^|_)[iI][dD]$|[a-z]I[dD]$/;

/** Transforms for each type, the default first; empty if the type is never a feature. */
const TRANSFORMS: Readonly<Record<ColumnType, readonly ProposedTransform[]>> = {
  number: ['standard', 'minmax', 'log1p', 'symlog'],
  boolean: ['minmax', 'standard'],
  category: ['one-hot'],
  date: [],
};

/**
 * Infers roles, in the table's order. Targets are never inferred: `overrides` must name them.
 * @throws {InputError} naming the column, if an override does not fit it or the column does not exist.
 */
export function inferRoles(table: Table, overrides: RoleOverrides = {}): ColumnRole[] {
  for (const name of Object.keys(overrides)) columnOf(table, name);
  return table.columns.map((column) => {
    const summary = summarize(column);
    const override = overrides[column.name] ?? {};
    const reason = reasonToIgnore(column, summary);
    const role = override.role ?? (reason === '' || override.transform ? 'feature' : 'ignored');
    const transform = override.transform ?? proposeTransform(column, summary);
    const ignored = role === 'ignored';
    if (role === 'feature') requireFeature(table, column, summary, transform);
    return {
      name: column.name,
      type: column.type,
      role,
      transform: ignored ? null : transform,
      reason: ignored ? reason || 'as asked' : '',
      missing: summary.missing,
      values: formatValues(column, summary),
      ...(column.notes && { notes: column.notes }),
    };
  });
}

function reasonToIgnore({ type, name }: Column, summary: ColumnSummary): string {
  const { distinct, constant, counting, integers } = summary;
  if (distinct === 0) return 'all missing';
  if (type === 'date') return 'a date';
  if (distinct === 1) return 'constant';
  if (constant) return 'constant in float32';
  if (type === 'number' && counting) return 'counts the rows';
  if ((type === 'category' || (type === 'number' && integers)) && IDENTIFIER.test(name)) {
    return 'an identifier, by its name';
  }
  if (type === 'number' && integers && summary.min > Number.MAX_SAFE_INTEGER) {
    return 'an identifier, by its size';
  }
  if (type === 'category' && distinct > MAX_CATEGORIES) return `${distinct} categories`;
  return '';
}

function proposeTransform({ type }: Column, summary: ColumnSummary): ProposedTransform | null {
  const { min, max, distinct, integers, skewness } = summary;
  if (type !== 'number') return TRANSFORMS[type][0] ?? null;
  if ((min >= 0 && max <= 1) || (integers && distinct <= MAX_LEVELS)) return 'minmax';
  // Not log1p: a later row may hold a value below -1, for which that has no number.
  return min >= 0 && skewness > HEAVY_SKEW ? 'symlog' : 'standard';
}

function requireFeature(
  { source }: Table,
  { name, type }: Column,
  { distinct, min, max }: ColumnSummary,
  transform: ProposedTransform | null,
): void {
  const place = `${source}: column ${name}`;
  if (distinct === 0) throw new InputError(`${place}: expected values in a feature, found all missing`);
  if (type === 'date') throw new InputError(`${place}: ${dateAdvice(source, name, max)}`);
  if (transform === null || !TRANSFORMS[type].includes(transform)) {
    throw new InputError(
      `${place}: expected a transform for a ${type} (${TRANSFORMS[type].join(', ')}), received ${transform ?? 'none'}`,
    );
  }
  if (transform === 'log1p' && min <= -1) {
    throw new InputError(`${place}: expected values above -1 for log1p, found ${min}`);
  }
}

/** The SQL is quoted for a shell. `latest` is in milliseconds since 1970. */
function dateAdvice(source: string, name: string, latest: number): string {
  const column = /^[a-z_]\w*$/i.test(name) ? name : `\\"${name.replaceAll('"', '\\"\\"')}\\"`;
  const day = new Date(latest).toISOString().slice(0, 10);
  const from = /^\S+$/.test(source) ? `'${source}'` : '...';
  return `expected numbers, categories or booleans in a feature, received a date; make it the days until a fixed one with SQL: --data "SELECT * EXCLUDE (${column}), date_diff('day', CAST(${column} AS DATE), DATE '${day}') AS ${column} FROM ${from}"`;
}
