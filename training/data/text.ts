/**
 * Columns that arrive as text: categories, or numbers and booleans read as text because of marks for missing
 * values.
 */
import { InputError } from '../../shared/errors.ts';
import { type ColumnBuilder, cellPlace, growing, type Place } from './columns.ts';
import type { CategoryColumn, Column } from './table.ts';

/** Default marks for a missing value in text files. */
export const MISSING = ['', 'NA', 'N/A', 'NaN', 'null'] as const;

/** Type that the caller declares for a text column: numbers, or categories whatever the text looks like. */
export type DeclaredType = 'number' | 'category';

export interface TextOptions {
  readonly missing: readonly string[];
  readonly declared?: DeclaredType | undefined;
  /** True if the source has no types (CSV): text that holds only numbers is then a column of numbers. */
  readonly untyped?: boolean | undefined;
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const BOOLEAN = new Map([
  ['true', 1],
  ['yes', 1],
  ['false', 0],
  ['no', 0],
]);

/** Builds a column from text. Its type is decided at the end, from the distinct values alone. */
export function textColumn(place: Place, options: TextOptions): ColumnBuilder<string> {
  const codes = growing(Int32Array);
  const codeOf = new Map<string, number>();
  const marks = new Set(options.missing);
  let marked = options.untyped === true;
  return {
    add: (value) => {
      if (value === null || marks.has(value)) {
        marked ||= value !== null;
        codes.push(-1);
        return;
      }
      let code = codeOf.get(value);
      if (code === undefined) {
        code = codeOf.size;
        codeOf.set(value, code);
      }
      codes.push(code);
    },
    finish: () =>
      decide(place, {
        codes: codes.join(),
        distinct: [...codeOf.keys()],
        marked,
        declared: options.declared,
      }),
  };
}

interface CollectedText {
  readonly codes: Int32Array;
  readonly distinct: readonly string[];
  /** True if the values may be text only because of a mark for missing values or an untyped source. */
  readonly marked: boolean;
  readonly declared: DeclaredType | undefined;
}

function decide(place: Place, collected: CollectedText): Column {
  const { codes, distinct, marked, declared } = collected;
  if (declared === 'category') return category(place, collected);
  const numeric = distinct.map((text) => NUMBER.test(text) && Number.isFinite(Number(text)));
  const strange = codes.findIndex((code) => code >= 0 && !numeric[code]!);
  const allNumbers = distinct.length > 0 && strange < 0;
  if (declared === 'number' && strange >= 0) {
    throw new InputError(
      `${cellPlace(place, strange)}: expected a number, received '${distinct[codes[strange]!]}'`,
    );
  }
  // Text without a mark is intentional, for instance from a CAST: '01234' then stays text.
  if (declared === 'number' || (marked && allNumbers)) {
    return {
      name: place.name,
      type: 'number',
      values: decodeCodes(codes, distinct.map(Number), Float64Array),
    };
  }
  const booleans = distinct.map((text) => BOOLEAN.get(text.toLowerCase()) ?? Number.NaN);
  if (marked && distinct.length > 0 && booleans.every((value) => !Number.isNaN(value))) {
    return { name: place.name, type: 'boolean', values: decodeCodes(codes, booleans, Float32Array) };
  }
  refuseMixed(place, collected, numeric, strange);
  return category(place, collected);
}

/** Refuses a column of mostly numbers with a few words: far more often a mistake than categories. */
function refuseMixed(
  place: Place,
  { codes, distinct }: CollectedText,
  numeric: readonly boolean[],
  strange: number,
): void {
  let present = 0;
  let numbers = 0;
  for (const code of codes) {
    if (code < 0) continue;
    present++;
    if (numeric[code]!) numbers++;
  }
  if (numbers === present || 2 * numbers <= present) return;
  throw new InputError(
    `${cellPlace(place, strange)}: expected a number, as in ${numbers} of ${present} rows, received '${distinct[codes[strange]!]}'; if that means missing, add it to \`missing\`; if the column is text, declare it in \`types\``,
  );
}

function category({ name }: Place, { codes, distinct }: CollectedText): CategoryColumn {
  const order = Array.from(distinct, (_, i) => i).sort((a, b) => (distinct[a]! < distinct[b]! ? -1 : 1));
  const rank = new Int32Array(distinct.length);
  order.forEach((code, position) => {
    rank[code] = position;
  });
  return {
    name,
    type: 'category',
    codes: codes.map((code) => (code < 0 ? -1 : rank[code]!)),
    categories: order.map((code) => distinct[code]!),
  };
}

function decodeCodes<T extends Float64Array | Float32Array>(
  codes: Int32Array,
  values: readonly number[],
  Type: new (length: number) => T,
): T {
  const result = new Type(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    result[row] = code < 0 ? Number.NaN : values[code]!;
  }
  return result;
}
