/** Dates and times as text: ISO 8601 in any mixture, and numbers of day, month and year in any order. */

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/;
const TIME = '(?:,?\\s+(\\d{1,2}):(\\d\\d)(?::(\\d\\d))?(?:\\s?([AP])\\.?M\\.?)?)?';
const YEAR_LAST = new RegExp(`^(\\d{1,2})([/.-])(\\d{1,2})\\2(\\d{4})${TIME}$`, 'i');
const YEAR_FIRST = new RegExp(`^(\\d{4})([/.-])(\\d{1,2})\\2(\\d{1,2})${TIME}$`, 'i');

export interface Dates {
  /** Milliseconds since 1970 UTC. */
  readonly values: readonly number[];
  /** What was taken to come first where the year comes last, and whether a value shows that. */
  readonly order: { readonly first: 'day' | 'month'; readonly isShown: boolean } | undefined;
}

/**
 * Reads texts that are all dates; undefined if one is not. A time without a zone is UTC. Where the year comes last, the
 * day comes first, with AM or PM the month, as in the United States, unless a value excludes that.
 */
export function datesOf(texts: readonly string[]): Dates | undefined {
  if (texts.length === 0) return undefined;
  const trimmed = texts.map((text) => text.trim());
  const read = (monthFirst: boolean) => {
    const values: number[] = [];
    for (const text of trimmed) {
      const value = dateOf(text, monthFirst);
      if (Number.isNaN(value)) return undefined;
      values.push(value);
    }
    return values;
  };
  const usual = trimmed.some((text) => /[AP]\.?M\.?$/i.test(text));
  const [own, other] = [read(usual), read(!usual)];
  const values = own ?? other;
  if (values === undefined) return undefined;
  if (!trimmed.some((text) => YEAR_LAST.test(text))) return { values, order: undefined };
  const monthFirst = own === undefined ? !usual : usual;
  const isShown = own === undefined || other === undefined;
  return { values, order: { first: monthFirst ? 'month' : 'day', isShown } };
}

function dateOf(text: string, monthFirst: boolean): number {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', zone = 'Z'] = iso;
    const milliseconds = Number(`0.${fraction || 0}`) * 1000;
    const own = utc([year, month, day, hour, minute, second].map(Number));
    return own + milliseconds - offsetOf(zone);
  }
  const yearFirst = YEAR_FIRST.exec(text);
  const found = yearFirst ?? YEAR_LAST.exec(text);
  if (found === null) return Number.NaN;
  const [, a, , b, c, hour = 0, minute = 0, second = 0, half] = found;
  const [year, month, day] = yearFirst ? [a, b, c] : monthFirst ? [c, a, b] : [c, b, a];
  return utc([year, month, day, hoursOf(Number(hour), half), minute, second].map(Number));
}

/** Hours of 24 from those of a clock, which has 12 with AM or PM; NaN for one that such a clock does not have. */
function hoursOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
}

/** Returns NaN for a date that does not exist, such as 30 February, which `Date.UTC` would move to March. */
function utc(parts: readonly number[]): number {
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  // A comparison with NaN is false.
  return same && hour < 24 && minute < 60 && second < 60 ? time : Number.NaN;
}

function offsetOf(zone: string): number {
  const found = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (found === null) return 0;
  const minutes = 60 * Number(found[2]) + Number(found[3] ?? 0);
  return (found[1] === '-' ? -1 : 1) * minutes * 60_000;
}
