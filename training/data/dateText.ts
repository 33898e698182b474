/** Dates and times as text: ISO 8601 in any mixture, and forms with AM or PM. */

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/;
const TIME = '(\\d{1,2}):(\\d\\d)(?::(\\d\\d))?\\s?([AP])\\.?M\\.?';
const DAY_FIRST_NUMBERS = new RegExp(`^(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4}),?\\s+${TIME}$`, 'i');
const YEAR_FIRST_NUMBERS = new RegExp(`^(\\d{4})[/.-](\\d{1,2})[/.-](\\d{1,2}),?\\s+${TIME}$`, 'i');

/**
 * Returns milliseconds since 1970 UTC for texts that are all dates, undefined if one is not. A time without a
 * zone is UTC. With AM or PM the month comes first, as in the United States, unless a value excludes that.
 */
export function datesOf(texts: readonly string[]): number[] | undefined {
  if (texts.length === 0) return undefined;
  for (const monthFirst of [true, false]) {
    const dates = texts.map((text) => dateOf(text.trim(), monthFirst));
    if (dates.every((date) => !Number.isNaN(date))) return dates;
  }
  return undefined;
}

function dateOf(text: string, monthFirst: boolean): number {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', zone = 'Z'] = iso;
    const milliseconds = Number(`0.${fraction || 0}`) * 1000;
    const own = utc([year, month, day, hour, minute, second].map(Number));
    return own + milliseconds - offsetOf(zone);
  }
  const yearFirst = YEAR_FIRST_NUMBERS.exec(text);
  const found = yearFirst ?? DAY_FIRST_NUMBERS.exec(text);
  if (found === null) return Number.NaN;
  const [, a, b, c, hour, minute, second = 0, half] = found;
  const [year, month, day] = yearFirst ? [a, b, c] : monthFirst ? [c, a, b] : [c, b, a];
  if (Number(hour) < 1 || Number(hour) > 12) return Number.NaN;
  const hours = (Number(hour) % 12) + (half!.toUpperCase() === 'P' ? 12 : 0);
  return utc([year, month, day, hours, minute, second].map(Number));
}

/** Returns NaN for a date that does not exist, such as 30 February, which `Date.UTC` would move to March. */
function utc(parts: readonly number[]): number {
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same && hour < 24 && minute < 60 && second < 60 ? time : Number.NaN;
}

function offsetOf(zone: string): number {
  const found = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (found === null) return 0;
  const minutes = 60 * Number(found[2]) + Number(found[3] ?? 0);
  return (found[1] === '-' ? -1 : 1) * minutes * 60_000;
}
