/** What each column of a table is for, inferred from its values; every choice can be overridden. */
import { InputError } from '../../shared/errors.ts';
import { type ColumnSummary, formatValues, summarize } from './summary.ts';
import { type Column, type ColumnType, columnOf, type Table } from './table.ts';

/** `feature`: what a model sees. `target`: what is to be predicted or compared with; a model does not see it. */
export type Role = 'feature' | 'target' | 'ignored';

/**
 * How a feature becomes numbers of comparable size: `standard`, less the mean, by the standard deviation; `minmax`, to
 * [0, 1]; `log1p`, log(1 + x), then as `standard`; `one-hot`, one number per category.
 */
export type ProposedTransform = 'standard' | 'minmax' | 'log1p' | 'one-hot';

export interface ColumnRole {
  readonly name: string;
  readonly type: ColumnType;
  readonly role: Role;
  /** Null for what is ignored. */
  readonly transform: ProposedTransform | null;
  /** Why it is ignored, otherwise empty. */
  readonly reason: string;
  /** Share of the rows in which it is missing, in [0, 1]. */
  readonly missing: number;
  /** Range, or most frequent categories. */
  readonly values: string;
}

export type RoleOverrides = Readonly<
  Record<string, { readonly role?: Role; readonly transform?: ProposedTransform } | undefined>
>;

/** One-hot makes a number of each. */
const MOST_CATEGORIES = 100;
/** Integers with at most so many distinct values are steps of a scale, which has ends. */
const MOST_STEPS = 20;
/** An exponential distribution has 2. */
const HEAVY_SKEW = 2;
/** `id`, `user_id`, `userId` */
const IDENTIFIER = /(^|_)[iI][dD]$|[a-z]I[dD]$/;

/** Which transforms a type can have, the one to fall back to first; none where it is never a feature. */
const TRANSFORMS: Readonly<Record<ColumnType, readonly ProposedTransform[]>> = {
  number: ['standard', 'minmax', 'log1p'],
  boolean: ['minmax', 'standard'],
  category: ['one-hot'],
  date: [],
};

/**
 * Roles in the table's order. A target is never inferred: it is named in `overrides`.
 * @throws {InputError} for an override that a column cannot have, naming the column.
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
  if (type === 'category' && distinct > MOST_CATEGORIES) return `${distinct} categories`;
  return '';
}

function proposeTransform({ type }: Column, summary: ColumnSummary): ProposedTransform | null {
  const { min, max, distinct, integers, skewness } = summary;
  if (type !== 'number') return TRANSFORMS[type][0] ?? null;
  if ((min >= 0 && max <= 1) || (integers && distinct <= MOST_STEPS)) return 'minmax';
  return min >= 0 && skewness > HEAVY_SKEW ? 'log1p' : 'standard';
}

function requireFeature(
  { source }: Table,
  { name, type }: Column,
  { distinct, min }: ColumnSummary,
  transform: ProposedTransform | null,
): void {
  const place = `${source}: column ${name}`;
  if (distinct === 0) throw new InputError(`${place}: expected values in a feature, found all missing`);
  if (transform === null || !TRANSFORMS[type].includes(transform)) {
    const possible = TRANSFORMS[type].join(', ') || 'none: make numbers of it with SQL';
    throw new InputError(
      `${place}: expected a transform for a ${type} (${possible}), received ${transform ?? 'none'}`,
    );
  }
  if (transform === 'log1p' && min <= -1) {
    throw new InputError(`${place}: expected values above -1 for log1p, found ${min}`);
  }
}
