/** The columns of a table of interactions, found by their names, otherwise by their order. */
import type { Column } from './table.ts';

const ID = '(?:[_ -]?(?:id|key|name|number|no|code))?';
const named = (...words: string[]) => new RegExp(`^(?:${words.join('|')})${ID}$`, 'i');

const USER = named(
  ...['user', 'customer', 'member', 'visitor', 'client', 'account', 'person', 'reviewer', 'buyer', 'shopper'],
  ...['listener', 'viewer', 'reader', 'player', 'subscriber', 'session', 'who', 'uid'],
);
const ITEM = named(
  ...[
    'item',
    'product',
    'movie',
    'film',
    'article',
    'sku',
    'track',
    'song',
    'artist',
    'book',
    'isbn',
    'asin',
  ],
  ...['game', 'business', 'video', 'show', 'content', 'offer', 'recipe', 'course', 'page', 'what', 'iid'],
);
const TIME = /^(time|date|timestamp|ts|datetime)$|[_ ](time|date|timestamp|at|ts)$|[a-z](Time|Date|At)$/i;
const RATING = /rating|stars?|score|grade/i;
const COUNT =
  /count|plays?|quantity|qty|clicks?|views?|visits?|purchases?|listens?|weight|times|seen|amount|hours/i;

export interface InteractionColumns {
  readonly user: string;
  readonly item: string;
  /** Column that decides which interactions count; undefined if all do. */
  readonly value: string | undefined;
  /** Column of times. */
  readonly time: string | undefined;
}

/**
 * Returns the names of the columns. A user or item column without a telling name is the first of the other
 * columns.
 */
export function interactionColumns(names: readonly string[]): InteractionColumns | undefined {
  const named = { user: names.find((name) => USER.test(name)), item: names.find((name) => ITEM.test(name)) };
  const rest = names.filter((name) => name !== named.user && name !== named.item);
  const unnamed = rest.filter((name) => !TIME.test(name));
  const user = named.user ?? unnamed.shift();
  const item = named.item ?? unnamed.shift();
  if (user === undefined || item === undefined) return undefined;
  return {
    ...{ user, item },
    value: unnamed.find((name) => RATING.test(name) || COUNT.test(name)) ?? unnamed[0],
    time: rest.find((name) => TIME.test(name)),
  };
}

/** Returns the column of ids in a table of items. */
export function itemIdColumn(names: readonly string[]): string {
  const named = (...words: RegExp[]) => names.find((name) => words.every((word) => word.test(name)));
  return named(/^id$/i) ?? named(ITEM, /^(?!.*name$)/i) ?? named(ITEM) ?? names[0]!;
}

const TITLE = /[_ -]?(?:title|name)$/i;

/** Returns the column of titles in a table of items, without that of ids: `title`, `name`, `product_name`. */
export function itemTitleColumn(names: readonly string[]): string | undefined {
  return (
    names.find((name) => /^(?:title|name)$/i.test(name)) ??
    names.find((name) => TITLE.test(name) && ITEM.test(name.replace(TITLE, '')))
  );
}

/** The interactions that count, according to a column of values, with the reason. */
export interface Counting {
  readonly counts: (row: number) => boolean;
  readonly reason: string;
}

/**
 * Returns which rows count: ratings of at least `least` (of 5, or as much of a larger scale), booleans that are
 * true, counts above 0, and all rows if the column holds something else.
 */
export function countingBy(value: Column | undefined, least: number): Counting {
  if (value === undefined) return { counts: () => true, reason: 'every row counts' };
  const { name } = value;
  if (value.type === 'boolean') {
    return { counts: (row) => value.values[row] === 1, reason: `rows count where ${name} is true` };
  }
  if (value.type !== 'number')
    return { counts: () => true, reason: `every row counts, whatever its ${name}` };
  const { values } = value;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const each of values) {
    if (each < min) min = each;
    if (each > max) max = each;
  }
  const likeStars = !COUNT.test(name) && min >= 0 && max > least - 1 && max <= 5;
  if (!RATING.test(name) && !likeStars) {
    return {
      counts: (row) => values[row]! > 0,
      reason: `rows count where ${name}, a count, is above 0`,
    };
  }
  const scale = [5, 10, 100].find((each) => max <= each) ?? max;
  const limit = (least / 5) * scale;
  const reason = `rows count where ${name}, a rating of up to ${scale}, is at least ${limit}`;
  return { counts: (row) => values[row]! >= limit, reason };
}
