/** Columns as a model has them: its successor keeps them, whatever detection would make of the rows of today. */
import { InputError } from '../../shared/errors.ts';
import type { ProposedTransform, RoleOverrides } from './roles.ts';
import { type Column, isMissing, type Table } from './table.ts';

export interface KnownFeature {
  readonly type: Column['type'];
  /** Undefined for steps that no role proposes. */
  readonly transform?: ProposedTransform;
  /** Number of its categories. */
  readonly categories?: number;
}

export interface KnownColumns {
  /** The model, as `name@version`. */
  readonly model: string;
  readonly features: Readonly<Record<string, KnownFeature>>;
  /** Other columns of the table that it was trained on; all columns but these and the features are new. */
  readonly others: readonly string[];
  /** True if the label may be found among the columns that are no features, since none is recorded. */
  readonly isLabelOpen: boolean;
}

/** So many more categories than before are no new products, but an identifier or free text. */
const MOST_GROWTH = 2;
/** Categories that any feature may have. */
const ALWAYS = 100;
/** Columns that an error names. */
const SHOWN = 8;

/**
 * Returns the roles of all columns of a table that the model decides: its features stay features, and no other column
 * becomes one. A feature of another type, or without usable values, is left to inference, and to the gates.
 * @throws {InputError} if the table has none of its features.
 */
export function knownRoles(table: Table, { model, features }: KnownColumns): RoleOverrides {
  const { columns, rowCount, source } = table;
  if (!columns.some(({ name }) => Object.hasOwn(features, name))) {
    const [expected, found] = [Object.keys(features), columns.map(({ name }) => name)].map((names) =>
      names.slice(0, SHOWN).join(', '),
    );
    throw new InputError(
      `${source}: expected the inputs of ${model} (${expected}), found none of them, but ${found}; is its first line the header?`,
    );
  }
  const decided = new Map<string, NonNullable<RoleOverrides[string]>>();
  for (const column of columns) {
    const { name } = column;
    const feature = Object.hasOwn(features, name) ? features[name]! : undefined;
    if (feature === undefined) decided.set(name, { role: 'ignored' });
    else if (isUsable(column, rowCount, feature))
      decided.set(name, { role: 'feature', ...(feature.transform && { transform: feature.transform }) });
  }
  return Object.fromEntries(decided);
}

/** True for a column that the model's table had. */
export function isKnown(name: string, { features, others }: KnownColumns): boolean {
  return Object.hasOwn(features, name) || others.includes(name);
}

function isUsable(column: Column, rowCount: number, { type, categories = 0 }: KnownFeature): boolean {
  if (column.type !== type) return false;
  if (column.type === 'category' && column.categories.length > Math.max(ALWAYS, MOST_GROWTH * categories))
    return false;
  for (let row = 0; row < rowCount; row++) if (!isMissing(column, row)) return true;
  return false;
}
