/** Numbers as people write them: with a decimal comma, groups of thousands, currency, percent or a unit. */

/** Reads one text as a number; NaN if it is not one in this notation. */
type Parse = (text: string) => number;

/** The notation of a whole column. */
export interface Notation {
  /** A phrase for people, for instance `a decimal comma and the unit kg`; empty for plain numbers. */
  readonly name: string;
  readonly parse: Parse;
  /** The unit after the numbers. A value with another unit may be a word, such as `10th` among grades. */
  readonly unit?: string;
  /** A decimal comma, if the numbers have one. */
  readonly decimal?: DecimalMark;
}

/** A character before decimals. */
export type DecimalMark = '.' | ',';

export interface NotationOptions {
  /** The decimal mark of numbers that could be read either way, such as `1,234`. */
  readonly decimal?: DecimalMark | undefined;
  /** True where `1,234` is more likely 1.234 than 1234, as in files with semicolons between values. */
  readonly decimalComma?: boolean | undefined;
}

/** Up to three digits, a mark and three digits: a decimal, or thousands. */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2}([.,])\d{3}$/;
/** Too short for thousands. */
const SHORT = /^[+-]?\d{1,3}$/;
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?(([1-9]\d{0,2}(,\d{2,3})*,\d{3})|\d+)(\.\d+)?$/;
const POINTED = /^[+-]?(([1-9]\d{0,2}(\.\d{3})+)|\d+)$/;
const COMMA = /^[+-]?((\d{1,3}([. '’\u00a0\u202f]\d{3})+)|\d+)?(,\d+)?(e[+-]?\d+)?$/i;
const SPACED = /^[+-]?((\d{1,3}([ '’_\u00a0\u202f]\d{3})+)|\d+)(\.\d+)?$/;

const digits = (name: string, pattern: RegExp, plainOf: (text: string) => string): Notation => ({
  name,
  parse: (text) => (pattern.test(text) && /\d/.test(text) ? Number(plainOf(text)) : Number.NaN),
});

const DIGITS = {
  plain: digits('', PLAIN, (text) => text),
  grouped: digits('commas between thousands', GROUPED, (text) => text.replaceAll(',', '')),
  pointed: digits('points between thousands', POINTED, (text) => text.replaceAll('.', '')),
  comma: {
    ...digits('a decimal comma', COMMA, (text) =>
      text.replaceAll(/[. '’\u00a0\u202f]/g, '').replace(',', '.'),
    ),
    decimal: ',' as const,
  },
  spaced: digits('spaces between thousands', SPACED, (text) => text.replaceAll(/[ '’_\u00a0\u202f]/g, '')),
};

const SYMBOL = '(?:[A-Z]{0,3}[$€£¥₹₽₩₺₴฿₿])';
const CODE =
  '(?:USD|EUR|GBP|JPY|CHF|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|RUB|TRY|KRW|SGD|HKD)';
const UNIT = '(?:[%‰]|[\\p{L}°µ"][\\p{L}°µ²³/·^"0-9]{0,11})';
/** A currency, a number, and then percent, a currency or a unit. The sign may come before the currency. */
const WRITTEN = new RegExp(
  `^(?<sign>[+-]?)(?<before>(?:${SYMBOL}|${CODE})?)\\s*(?<number>[+-]?[\\d.,](?:[\\d.,_ '’\\u00a0\\u202f]*[\\d.,])?(?:e[+-]?\\d+)?)\\s*(?<after>(?:${SYMBOL}|${UNIT})?)$`,
  'u',
);
/** Integers with a leading zero: postcodes, phone numbers and article numbers, which are names. */
const LEADING_ZERO = /^[+-]?0\d+$/;

/** Returns the text without accounting's parentheses, which mean a negative number, and typographic minus. */
function normalised(text: string): string {
  const trimmed = text.trim().replace('−', '-');
  return /^\(.*\d.*\)$/.test(trimmed) ? `-${trimmed.slice(1, -1)}` : trimmed;
}

/** Returns true for digits that start with a zero, which has a meaning that a number would lose. */
export function hasLeadingZero(text: string): boolean {
  return LEADING_ZERO.test(text.trim());
}

/** A number that is a decimal, or has thousands. */
export interface AmbiguousNumber {
  readonly mark: DecimalMark;
  /** The position of the number. */
  readonly at: number;
}

/**
 * Returns the first number with a mark, if all that have one are like `1.234` or all like `1,234`, and the
 * others have no more than three digits.
 */
export function ambiguousNumber(texts: readonly string[]): AmbiguousNumber | undefined {
  let first: AmbiguousNumber | undefined;
  for (const [at, text] of texts.entries()) {
    const written = normalised(text);
    const number = WRITTEN.exec(written)?.groups?.number ?? written;
    if (SHORT.test(number)) continue;
    const mark = AMBIGUOUS.exec(number)?.[1] as DecimalMark | undefined;
    if (mark === undefined || (first !== undefined && first.mark !== mark)) return undefined;
    first ??= { mark, at };
  }
  return first;
}

/** The order in which notations are tried: the first of those that fit a column best is taken. */
function orderFor(texts: readonly string[], { decimal, decimalComma }: NotationOptions): Notation[] {
  const { plain, grouped, pointed, comma, spaced } = DIGITS;
  const first = decimal === ',' && ambiguousNumber(texts)?.mark === '.' ? [pointed, plain] : [plain, pointed];
  const isComma = decimal === undefined ? decimalComma : decimal === ',';
  return [...first, ...(isComma ? [comma, grouped] : [grouped, comma]), spaced];
}

/**
 * Returns the notation in which most of `texts` are numbers, each counted `weights` times; of equally good
 * ones, the simplest. All numbers of a column share currency and unit.
 */
export function notationOf(
  texts: readonly string[],
  weights: ArrayLike<number>,
  options: NotationOptions = {},
): Notation {
  const order = orderFor(texts, options);
  const wrapping = mostFrequentWrapping(texts, weights);
  const candidates = [
    ...order.map((each): Notation => ({ ...each, parse: (text) => each.parse(text.trim()) })),
    ...order.map((each) => wrapped(each, wrapping)),
  ];
  const total = texts.reduce((sum, _, i) => sum + weights[i]!, 0);
  let [best, most] = [candidates[0]!, -1];
  for (const candidate of candidates) {
    let count = 0;
    texts.forEach((text, i) => {
      if (Number.isFinite(candidate.parse(text))) count += weights[i]!;
    });
    if (count > most) [best, most] = [candidate, count];
    if (most === total) break;
  }
  return best;
}

interface Wrapping {
  readonly before: string;
  readonly after: string;
}

function wrapped({ name, parse, decimal }: Notation, { before, after }: Wrapping): Notation {
  const affix = before || after;
  const kind = kindOf(affix);
  return {
    ...(kind.startsWith('the unit') ? { unit: affix } : {}),
    ...(decimal && { decimal }),
    name: [name, kind].filter((part) => part !== '').join(' and ') || 'parentheses for negative numbers',
    parse: (text) => {
      const found = WRITTEN.exec(normalised(text))?.groups;
      if (found === undefined || found.before !== before || found.after !== after) return Number.NaN;
      const value = parse(found.number!);
      return found.sign === '-' ? -value : value;
    },
  };
}

function kindOf(affix: string): string {
  if (affix === '') return '';
  if (affix === '%') return 'a percent sign';
  return new RegExp(`^(${SYMBOL}|${CODE})$`).test(affix) ? `the currency ${affix}` : `the unit ${affix}`;
}

function mostFrequentWrapping(texts: readonly string[], weights: ArrayLike<number>): Wrapping {
  const counts = new Map<string, number>();
  texts.forEach((text, i) => {
    const found = WRITTEN.exec(normalised(text))?.groups;
    if (found === undefined) return;
    const key = `${found.before}\n${found.after}`;
    counts.set(key, (counts.get(key) ?? 0) + weights[i]!);
  });
  const [[key] = ['\n']] = [...counts].sort((a, b) => b[1] - a[1]);
  const [before, after] = key.split('\n') as [string, string];
  return { before, after };
}
