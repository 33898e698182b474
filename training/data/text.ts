/** Columns that arrive as text: categories, or numbers, booleans and dates in written form. */
import { booleanOf } from '../../shared/booleanText.ts';
import { InputError } from '../../shared/errors.ts';
import { alikeNote } from './alikeCategories.ts';
import { type ColumnBuilder, cellPlace, growing, type Place } from './columns.ts';
import { type Dates, datesOf } from './dateText.ts';
import {
  ambiguousNumber,
  type DecimalMark,
  hasLeadingZero,
  type Notation,
  type NotationOptions,
  notationOf,
} from './numberText.ts';
import type { CategoryColumn, Column, ColumnNote } from './table.ts';

/** Type that the caller declares for a text column: numbers, or categories whatever the text looks like. */
export type DeclaredType = 'number' | 'category';

export interface TextOptions extends NotationOptions {
  readonly missing: readonly string[];
  readonly declared?: DeclaredType | undefined;
  /** True for text without further ado, whatever it looks like. */
  readonly isText?: boolean | undefined;
  /** True if the source has no types (CSV): spaces around values are ignored, and yes and no are booleans. */
  readonly untyped?: boolean | undefined;
}

const INTEGER = /^\s*[+-]?\d+\s*$/;

/** Builds a column from text. Its type is decided at the end, from the distinct values alone. */
export function textColumn(place: Place, options: TextOptions): ColumnBuilder<string> {
  const codes = growing(Int32Array);
  const codeOf = new Map<string, number>();
  const marks = new Set(options.missing);
  const marksSeen = new Set<string>();
  return {
    add: (value) => {
      const trimmed = value?.trim() ?? null;
      if (value === null || trimmed === null || marks.has(trimmed)) {
        if (trimmed) marksSeen.add(trimmed);
        codes.push(-1);
        return;
      }
      const kept = options.untyped ? trimmed : value;
      let code = codeOf.get(kept);
      if (code === undefined) {
        code = codeOf.size;
        codeOf.set(kept, code);
      }
      codes.push(code);
    },
    finish: () => {
      const collected = { codes: codes.join(), distinct: [...codeOf.keys()] };
      codeOf.clear(); // of several columns, only the one being finished is held twice
      const words = options.untyped === true || marksSeen.size > 0;
      const column = decide(place, collected, options, words);
      const notes = [...(column.notes ?? []), ...missingNote(marksSeen)];
      return notes.length === 0 ? column : { ...column, notes };
    },
  };
}

/** Returns the note that lists the marks that were found in a column. */
export function missingNote(marks: Iterable<string>): ColumnNote[] {
  const found = [...marks].map((mark) => `'${mark}'`);
  return found.length === 0 ? [] : [{ kind: 'missing', text: `${found.join(', ')} read as missing` }];
}

interface CollectedText {
  readonly codes: Int32Array;
  readonly distinct: readonly string[];
}

/** `words` is true if yes and no may be booleans, because the source has no type for booleans. */
function decide(place: Place, collected: CollectedText, options: TextOptions, words: boolean): Column {
  const { codes, distinct } = collected;
  const { declared } = options;
  if (declared === 'category' || distinct.length === 0) {
    return declared === 'number' ? numbers(place, collected, []) : category(place, collected);
  }
  if (options.isText === true) return notedCategory(place, collected);
  const zero = distinct.every((text) => INTEGER.test(text)) ? distinct.find(hasLeadingZero) : undefined;
  if (zero !== undefined && declared === undefined) {
    const text = `text, since ${zero} begins with a zero, as codes do but numbers do not`;
    return { ...category(place, collected), notes: [{ kind: 'leading zeros', text }] };
  }
  const counts = countsOf(collected);
  const notation = notationOf(distinct, counts, options);
  const values = distinct.map(notation.parse);
  const strange = codes.findIndex((code) => code >= 0 && !Number.isFinite(values[code]!));
  if (strange < 0) {
    const column = numbers(place, collected, values);
    const notes = [
      ...notationNote(notation, counts, distinct[0]!),
      ...(options.decimal === undefined ? ambiguityNotes(distinct, values) : []),
    ];
    return notes.length === 0 ? column : { ...column, notes };
  }
  if (declared === 'number') {
    throw new InputError(
      `${cellPlace(place, strange)}: expected a number, received '${distinct[codes[strange]!]}'`,
    );
  }
  const booleans = distinct.map((text) => booleanOf(text) ?? Number.NaN);
  if (words && booleans.every((value) => !Number.isNaN(value))) {
    return { name: place.name, type: 'boolean', values: decodeCodes(codes, booleans, Float32Array) };
  }
  const dates = datesOf(distinct);
  if (dates !== undefined) {
    const text = `times, since all values look like ${distinct[0]!}${orderText(dates)}`;
    const notes: ColumnNote[] = [{ kind: 'date', text }];
    return { name: place.name, type: 'date', values: decodeCodes(codes, dates.values, Float64Array), notes };
  }
  refuseMixed(place, collected, { counts, notation, strange });
  return notedCategory(place, collected);
}

function notedCategory(place: Place, collected: CollectedText): CategoryColumn {
  const alike = alikeNote(collected.distinct, countsOf(collected));
  return { ...category(place, collected), ...(alike.length > 0 && { notes: alike }) };
}

function orderText({ order }: Dates): string {
  if (order === undefined) return '';
  return `, with the ${order.first} first${order.isShown ? '' : ', which no value shows; write YYYY-MM-DD if it is not'}`;
}

function notationNote({ name, decimal }: Notation, counts: Float64Array, example: string): ColumnNote[] {
  if (name === '') return [];
  const count = counts.reduce((sum, each) => sum + each, 0);
  const text = `numbers, since all ${count} values have ${name}, such as ${example}`;
  return [{ kind: 'notation', text, ...(decimal && { decimal }) }];
}

function ambiguityNotes(texts: readonly string[], values: readonly number[]): ColumnNote[] {
  const found = ambiguousNumber(texts);
  return found === undefined ? [] : [ambiguityNote(found.mark, texts[found.at]!, values[found.at]!)];
}

/** Returns the note on a column whose numbers could be read in another way, given how one of them was read. */
export function ambiguityNote(mark: DecimalMark, example: string, value: number): ColumnNote {
  const isThousands = Math.abs(value) >= 1000;
  const kind = isThousands ? 'thousands' : mark === '.' ? 'decimal point' : 'decimal comma';
  const other = isThousands ? value / 1000 : 1000 * value;
  const decimal = isThousands ? (mark === '.' ? ',' : '.') : mark;
  return { kind, text: `${example} is read as ${value}, though it may be ${other}`, decimal };
}

function numbers({ name }: Place, { codes }: CollectedText, values: readonly number[]): Column {
  return { name, type: 'number', values: decodeCodes(codes, values, Float64Array) };
}

function countsOf({ codes, distinct }: CollectedText): Float64Array {
  const counts = new Float64Array(distinct.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  return counts;
}

interface Mixed {
  readonly counts: Float64Array;
  readonly notation: Notation;
  /** Row of the first value that is not a number. */
  readonly strange: number;
}

/** Refuses a column of mostly numbers with a few words: far more often a mistake than categories. */
function refuseMixed(
  place: Place,
  { codes, distinct }: CollectedText,
  { counts, notation, strange }: Mixed,
): void {
  const isNumber = distinct.map((text) => Number.isFinite(notation.parse(text)));
  const present = counts.reduce((sum, count) => sum + count, 0);
  const numeric = counts.reduce((sum, count, i) => sum + (isNumber[i] ? count : 0), 0);
  if (2 * numeric <= present || notation.unit !== undefined) return;
  const kind = notation.name === '' ? 'a number' : `a number with ${notation.name}`;
  const received = distinct[codes[strange]!]!;
  throw new InputError(
    `${cellPlace(place, strange)}: expected ${kind}, as in ${numeric} of ${present} rows, received '${received}'; if that means missing, add it to the marks: --missing '${received}' (in TypeScript, \`missing\`); if the column is text, declare that: --text '${place.name}' (in TypeScript, \`types\`)`,
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
