/** For each gate on data, columns that it refuses and columns that just pass. */
import { describe, expect, it } from 'vitest';
import type { DataGate, DataInput } from '../../../scripts/retrain/gates/gate.ts';
import { dataInput } from '../../../scripts/retrain/gates/inspectData.ts';
import { DATA_GATES } from '../../../scripts/retrain/gates/registry.ts';
import { random } from '../../../shared/random.ts';
import { profileOf } from '../../../training/data/profile.ts';
import type { Column, DateColumn, Table } from '../../../training/data/table.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';
import { numbers, texts } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const { manifest } = linearArtifact();
const AT = Date.parse('2025-06-01');
const DAY = 86_400_000;

/** Profiles of one column, and of a label where given. */
function data(columns: readonly Column[], before: readonly Column[], rows?: Partial<DataInput>): DataInput {
  const table = { source: 'made', rowCount: lengthOf(columns[0]!), columns };
  const observed = { ...table, rowCount: lengthOf(before[0]!), columns: before };
  const rowsOf = (rowCount: number) => ({
    data: Float32Array.from({ length: rowCount }, (_, row) => row),
    rowCount,
    width: 1,
  });
  const dataset = (own: Table) => ({
    ...{ source: 'made', rowShape: [1], featureNames: ['x'], rows: rowsOf(own.rowCount), observed: own },
  });
  return {
    ...dataInput(dataset(table), { manifest: undefined, profile: profileOf(dataset(observed)) }, 1000, AT),
    ...rows,
  };
}

const lengthOf = (column: Column) => (column.type === 'category' ? column.codes : column.values).length;
const COUNT = 1000;
/** Evenly spaced in [0, 1). */
const even = Array.from({ length: COUNT }, (_, i) => i / COUNT);
const column = (of: (value: number, row: number) => number, count = COUNT) =>
  numbers(
    'x',
    Array.from({ length: count }, (_, row) => of(even[row % COUNT]!, row)),
  );
const plain = column((value) => value);
/** 1 in this share of the rows, and 0 in the others. */
const alarms = (share: number) =>
  column((_, row) => ((383 * row) % COUNT < share * COUNT ? 1 : 0), 5 * COUNT);
/** Prices of a catalogue, of which the highest by far is paid in this share of the rows. */
const listed = (dearest: number) =>
  column((_, row) => {
    const place = (383 * row) % COUNT;
    return place < dearest * COUNT ? 50 : place % 15;
  });
const against = (of: (value: number, row: number) => number) => data([column(of)], [plain]);
/** A category `b` with this share, `c` with that, and `a` with the rest. */
const letters = (b: number, c = 0) =>
  texts(
    'x',
    even.map((value) => (value < b ? 'b' : value < b + c ? 'c' : 'a')),
  );
/** @param reset Share of the champion's times that are those of a clock that was reset. */
const dated = (days: number, before = 0, reset = 0): DataInput => {
  const dates = (last: number, share: number): Column => ({
    ...{ type: 'date', name: 'x' },
    values: Float64Array.from(even, (value) => (value < share ? 0 : AT + DAY * (last - 1 + value))),
  });
  return data([dates(days, 0)], [dates(before, reset)]);
};
/** Times of ten days, cut off to multiples of a step. */
const timesOf = (step: number, by = 0): Column => ({
  ...{ type: 'date', name: 'x' },
  values: Float64Array.from(even, (value) => {
    const time = AT + Math.round(10 * DAY * (value - 1) * 1.00003);
    return time - (((time % step) + step) % step) - by;
  }),
});
/** The same, in the rows of which `isOne` holds all at midnight. */
const timesWhere = (isOne: (row: number) => boolean): Column => {
  const { name, values } = timesOf(1) as DateColumn;
  return { type: 'date', name, values: values.map((time, row) => (isOne(row) ? AT : time)) };
};
const measured = { ...plain, name: 'measured' };
const timesCutTo = (step: number, by = 0) => data([timesOf(step, by)], [timesOf(1)]);
/**
 * Times of a start and of an end.
 * @param exchanged Share of the rows in which they are exchanged.
 * @param atOnce Share of the rows in which they are equal.
 * @param least Days that each trip takes at least.
 */
const trips = (exchanged: number, atOnce = 0, least = 0): Column[] => {
  const source = random(7, 'trips');
  const lasting = even.map(() => source.uniform());
  const isEnd = (row: number) => row % 100 < 100 * exchanged;
  const of = (name: string, isLater: (row: number) => boolean): Column => ({
    ...{ type: 'date', name },
    values: Float64Array.from(even, (value, row) => {
      const by = row % 100 < 100 * atOnce ? 0 : DAY * (least + lasting[row]!);
      return AT - 50 * DAY + 10 * DAY * value + (isLater(row) ? by : 0);
    }),
  });
  return [of('begin', isEnd), of('end', (row) => !isEnd(row))];
};
/** As an earlier release told them. */
const withoutTies = (input: DataInput): DataInput => ({
  ...input,
  before: {
    ...input.before!,
    ordered: input.before!.ordered!.map(({ ties: _, ...each }) => each),
  },
});
/** Dates of expiry, which lie a year ahead every night. */
const expiring: DataInput = {
  ...dated(366, 365),
  champion: { ...manifest, createdAt: new Date(AT - DAY).toISOString() },
};
const classed = (b: number, before = 0.1): DataInput => {
  const input = data([letters(b)], [letters(before)]);
  const { codes, categories } = letters(b);
  return { ...input, data: { ...input.data, labels: { name: 'x', classes: categories, rows: codes } } };
};
const catalogued = (names: readonly string[]): DataInput => {
  const { statistics } = manifest.features;
  const features = {
    ...manifest.features,
    statistics: { ...statistics, mean: [0.5, 0.2, 0.1, 0.1, 0.05, 0.05] },
  };
  const champion = {
    ...manifest,
    features,
    graphs: { ...manifest.graphs, recommend: manifest.graphs.encoder },
  };
  const input = against((value) => value);
  return { ...input, champion, data: { ...input.data, featureNames: names } };
};
const items = manifest.features.names!;
const withDistinct = (distinct: number, growth: number, now = COUNT): DataInput => {
  const input = against((value) => value);
  return {
    ...input,
    now: { ...input.now, distinct: now },
    before: { ...input.before!, rows: COUNT, distinct, growth },
  };
};
/** Rows of a thousand, of which so many are the first ones again, each number a little off. */
const nearCopies = (copies: number): DataInput => {
  const of = (again: number) =>
    [1, 2, 3, 4].map((i) => {
      const source = random(i, 'near copies');
      const own = even.map(() => source.uniform());
      return numbers(
        `n${i}`,
        own.map((value, row) => (row < COUNT - again ? value : own[row % 100]! + 0.0001 * value)),
      );
    });
  return data(of(copies), of(0));
};
/**
 * A column with missing values.
 * @param share Of the rows in which another column is large, those without a value; `elsewhere`, of all others.
 */
const lacking = (share: number, elsewhere = 0.1): Column[] => {
  const source = random(1, 'lacking');
  const isLacking = Array.from(even, (value) => source.uniform() < (value > 0.7 ? share : elsewhere));
  return [
    plain,
    numbers(
      'y',
      isLacking.map((is) => (is ? Number.NaN : source.uniform())),
    ),
  ];
};
/** Two columns that agree but for so much noise. */
const paired = (noise: number, sign = 1): Column[] => {
  const source = random(1, 'paired');
  return [
    plain,
    numbers(
      'y',
      even.map((value) => sign * value + noise * source.uniform()),
    ),
  ];
};
/** The first rows of a column: of `paired`, those of the lowest values. */
const lowerPart = (share: number) => (column: Column) => {
  const { name, values } = column as ReturnType<typeof numbers>;
  return numbers(name, [...values].slice(0, share * COUNT));
};
/** The same, of three columns, the last of which follows from both others. */
const tripled = (noise: number): Column[] => {
  const source = random(3, 'tripled');
  const [a, b] = [0, 1].map(() => even.map(() => source.uniform())) as [number[], number[]];
  return [
    ...[numbers('x', a), numbers('y', b)],
    numbers(
      'z',
      a.map((value, row) => value - b[row]! + noise * source.uniform()),
    ),
  ];
};
const alarmed = (share: number) => {
  const source = random(2, 'alarmed');
  return [
    plain,
    texts(
      'z',
      even.map((value) => (source.uniform() < 0.2 + share * value ? 'yes' : 'no')),
    ),
  ];
};
/** Numbers from 0 to 49, of which 25 is the value of a tenth of the rows. */
const counts = (other: (row: number) => number | undefined) =>
  column((_, row) => other(row) ?? (row % 10 === 3 ? 25 : row % 50));
/** A number whose deviation in one of four categories is so many times that of the others. */
const noisy = (times: number, seed: number) => {
  const source = random(seed, 'noisy');
  const sites = even.map(() => 'abcd'[source.integer(4)]!);
  return [
    numbers(
      'x',
      sites.map((site) => (site === 'b' ? times : 1) * (source.uniform() - 0.5)),
    ),
    texts('site', sites),
  ];
};
/** Two categories, the second of which follows from the first in this share of the rows. */
const following = (share: number, seed: number) => {
  const source = random(seed, 'following');
  const countries = even.map(() => 'abc'[source.integer(3)]!);
  const drawn = () => 'xyz'[source.integer(3)]!;
  const currencies = countries.map((country) =>
    source.uniform() < share ? 'xyz'['abc'.indexOf(country)]! : drawn(),
  );
  return [plain, texts('country', countries), texts('currency', currencies)];
};
/** A rare class, in this share of the rows of a site that has three tenths of all, and in that share of the others. */
const rare = (atB: number, elsewhere: number, seed: number, b = 0.3) => {
  const source = random(seed, 'rare');
  const sites = even.map(() => (source.uniform() < b ? 'b' : 'a'));
  const isRare = sites.map((site) => source.uniform() < (site === 'b' ? atB : elsewhere));
  return [
    texts('site', sites),
    texts(
      'fraud',
      isRare.map((is) => (is ? 'yes' : 'no')),
    ),
  ];
};
/** A tenth of the rows are of a site that the others do not know. */
const thirdSite = texts(
  'site',
  even.map((_, row) => (row % 10 === 0 ? 'c' : 'ab'[row % 2]!)),
);
/** Two columns that agree but for a little noise, and in this share of the rows not at all. */
const contrary = (share: number, seed: number) => {
  const source = random(seed, 'contrary');
  return [
    plain,
    numbers(
      'y',
      even.map((value, row) => {
        const told = row % 100 < 100 * share ? (value + 0.5) % 1 : value;
        return told + 0.1 * source.uniform();
      }),
    ),
  ];
};
/** Net prices, and gross ones of these rates, one row after another. */
const taxed = (rates: readonly number[], seed = 1) => {
  const source = random(seed, 'taxed');
  const net = even.map(() => Math.round(100 * Math.exp(3 + source.uniform())) / 100);
  return [
    numbers('net', net),
    numbers(
      'gross',
      net.map((value, row) => Math.round(100 * value * rates[row % rates.length]!) / 100),
    ),
  ];
};
const exempt = (percent: number) =>
  Array.from({ length: 100 }, (_, i) => ((37 * i) % 100 < percent ? 1 : 1.19));
const oneExempt = [1, ...Array.from({ length: 9 }, () => 1.19)];
/** Rates of one night, in equal numbers of rows. */
const currencies = [1, 1, 1, 1.0612, 0.9537];
/** A version that was promoted weeks ago, with these rates. */
const weeksAgo = (rates: readonly number[]): Pick<DataInput, 'reference'> => {
  const columns = taxed(rates, 3);
  return { reference: crept(columns, columns, columns).reference };
};
/** Wages of two levels, the share of the lower one, and bonuses of a tenth, all in whole numbers. */
const bonuses = (share: number, seed: number): Column[] => {
  const source = random(seed, 'bonuses');
  const wages = even.map(() =>
    Math.round((source.uniform() < share ? 1200 : 2800) * (1 + 0.3 * source.uniform())),
  );
  return [
    numbers('wage', wages),
    numbers(
      'bonus',
      wages.map((wage) => Math.round(0.1 * wage)),
    ),
  ];
};
/** Claims and reserves that are about as much, and in this share of the rows the same. */
const copied = (share: number, seed: number): Column[] => {
  const source = random(seed, 'copied');
  const claimed = even.map(() => Math.round(100 * Math.exp(6 + source.uniform())) / 100);
  const reserves = claimed.map((value) =>
    source.uniform() < share ? value : Math.round(value * (1 + 0.3 * source.uniform()) + 50),
  );
  return [numbers('claimed', claimed), numbers('reserve', reserves)];
};
/** Places of 30 shops, of which the last four have so many times the rows of the others. */
const placed = (times: number, seed: number): Column[] => {
  const [world, source] = [random(9, 'shops'), random(seed, 'placed')];
  const shops = Array.from({ length: 30 }, () => [47 + 8 * world.uniform(), 6 + 3 * world.uniform()]);
  const drawn = shops.flatMap((shop, i) => Array.from({ length: i < 26 ? 1 : times }, () => shop));
  const rows = even.map(() => drawn[source.integer(drawn.length)]!);
  return ['lat', 'lon'].map((name, i) =>
    numbers(
      name,
      rows.map((place) => Math.round(100 * place[i]!) / 100),
    ),
  );
};
/** Countries and currencies, of which this share of each rare one goes together with a common one. */
const exclusive = (mixed: number, seed: number): Column[] => {
  const source = random(seed, 'exclusive');
  const isSwiss = Array.from({ length: 6000 }, () => source.uniform() < 0.1);
  const francs = isSwiss.map((is) => (source.uniform() < (is ? mixed : mixed / 9) ? !is : is));
  return [
    texts(
      'country',
      isSwiss.map((is) => (is ? 'CH' : 'DE')),
    ),
    texts(
      'currency',
      francs.map((is) => (is ? 'CHF' : 'EUR')),
    ),
  ];
};
/** Products with their prices, which others follow, and this share of a new one, which is dear and follows nothing. */
const priced = (share: number, seed: number): Column[] => {
  const source = random(seed, 'priced');
  const products = Array.from({ length: 4000 }, () =>
    source.uniform() < share ? 'new' : 'abc'[source.integer(3)]!,
  );
  const prices = products.map(
    (product) => (product === 'new' ? 60 : 10 * ('abc'.indexOf(product) + 1)) + source.uniform(),
  );
  const weights = prices.map((price, row) => (products[row] === 'new' ? 0 : price) + source.uniform());
  return [numbers('price', prices), numbers('weight', weights), texts('product', products)];
};
/**
 * Costs of parts and of labour, and what is claimed, in cents.
 * @param net Share of the rows in which the parts are net of tax; `other`, in which the labour is that of another row.
 */
const claims = ({ net = 0, other = 0 }, seed: number) => {
  const source = random(seed, 'claims');
  const cents = (value: number) => Math.round(100 * value) / 100;
  const costs = () => even.map(() => cents(100 * Math.exp(source.uniform())));
  const [parts, labour, others] = [costs(), costs(), costs()];
  const drawn = even.map(() => source.uniform());
  return [
    numbers(
      'parts',
      parts.map((value, row) => cents(drawn[row]! < net ? value / 1.19 : value)),
    ),
    numbers(
      'labour',
      labour.map((value, row) => (1 - drawn[row]! < other ? others[row]! : value)),
    ),
    numbers(
      'claimed',
      parts.map((value, row) => cents(value + labour[row]!)),
    ),
  ];
};
/** Fees that only one of two kinds pays, and in this share of the rows the other one, too. */
const misplaced = (share: number, seed: number) => {
  const source = random(seed, 'misplaced');
  const kinds = even.map(() => 'ab'[source.integer(2)]!);
  const fees = kinds.map((kind) => (kind === 'b' || source.uniform() < 2 * share ? 1 + source.uniform() : 0));
  return [numbers('x', fees), texts('kind', kinds)];
};
const withAbsurd = ([x, y]: readonly Column[]): Column[] => {
  const { values } = y as ReturnType<typeof numbers>;
  return [
    x!,
    numbers(
      'y',
      values.map((value, row) => (row === 100 ? 1e6 : value)),
    ),
  ];
};
/** Measurements, 1.5 % of which are at a cap, and so many beyond. */
const cappedBut = (beyond: number) =>
  column((value, row) => (row % 66 === 0 ? 1 : row < beyond ? 1.01 + row / 1000 : 0.99 * value));
/** Numbers of which this share is missing. */
const gaps = (share: number) => column((value, row) => (row % 100 < 100 * share ? Number.NaN : value));
/** Times of a month, this share of them a year earlier. */
const lastYear = (share: number): Column => ({
  ...{ type: 'date', name: 'x' },
  values: Float64Array.from(
    even,
    (value, row) => AT - 30 * DAY * value - (row % 100 < 100 * share ? 365 * DAY : 0),
  ),
});
/** Numbers in no order, with what is added to those of these rows. */
const scattered = (seed: number, moved: (row: number) => number = () => 0) => {
  const source = random(seed, 'scattered');
  return numbers(
    'x',
    even.map((_, row) => source.uniform() + moved(row)),
  );
};
const later = (by: number) => (row: number) => (row < COUNT / 2 ? 0 : by);
/** Times of the rows, of which every other one is of the later half. */
const alternating: Column = {
  ...{ type: 'date', name: 'at' },
  values: Float64Array.from(even, (value, row) => AT - DAY * (row % 2 === 0 ? 2 : 1) + value),
};
/** Values that are held for ten rows in the order of these times. */
const heldInTime = numbers(
  'x',
  even.map((_, row) => {
    const place = (row % 2) * (COUNT / 2) + Math.floor(row / 2);
    return even[(7 * (place - (place % 10))) % COUNT]!;
  }),
);
const rounded = ({ values, name }: ReturnType<typeof scattered>) =>
  numbers(
    name,
    values.map((value) => Math.round(100 * value)),
  );
/** Times of which the last tenth are those of every tenth row. */
const tenOfTen: Column = {
  ...{ type: 'date', name: 'at' },
  values: Float64Array.from(even, (value, row) => AT - DAY * (row % 10 === 9 ? 1 : 2) + value),
};
interface Summed {
  /** Deviation of what the sum is off. */
  readonly noise?: number;
  /** The same where the sum is in its highest fifth. */
  readonly above?: number;
  /** Share of the sums that are exact. */
  readonly imputed?: number;
  /** Added to the last tenth of the rows or, with `every`, to each row of that number. */
  readonly last?: number;
  readonly every?: number;
}
/** Two columns, and their sum. */
const summed = ({ noise = 0.5, above = 0, imputed = 0, last = 0, every }: Summed, seed = 3): Column[] => {
  const source = random(seed, 'summed');
  const [a, b, errors, more] = [0, 1, 2, 3].map(() => normals(source, COUNT)) as [
    number[],
    number[],
    number[],
    number[],
  ];
  const isLast = (row: number) => (every === undefined ? row >= 0.9 * COUNT : row % every === every - 1);
  const sum = a.map((value, row) => {
    const exact = value + b[row]!;
    if (source.uniform() < imputed) return exact;
    const high = exact > 1.2 ? 1.4 * above * more[row]! : 0;
    return exact + noise * errors[row]! + high + (isLast(row) ? 1.4 * last : 0);
  });
  return [numbers('a', a), numbers('b', b), numbers('sum', sum)];
};
/** Numbers that are 0 but in one category, of so many rows. */
const ofOne = (share: number, seed: number): Column[] => {
  const source = random(seed, 'of one');
  const shops = even.map(() => (source.uniform() < share ? 'web' : 'town'));
  return [
    numbers(
      'days',
      shops.map((shop) => (shop === 'web' ? 1 + source.integer(4) : 0)),
    ),
    texts('shop', shops),
  ];
};
/** The same rows in the order of a column. */
const sortedBy = (name: string, columns: readonly Column[]): Column[] => {
  const { values: key } = columns.find((each) => each.name === name) as { readonly values: Float64Array };
  const order = [...key.keys()].sort((i, j) => key[i]! - key[j]!);
  return columns.map((each) =>
    numbers(
      each.name,
      order.map((row) => (each as { readonly values: Float64Array }).values[row]!),
    ),
  );
};
/** A category that is as frequent as that in the later half. */
const risingTo = (share: number, seed = 5) => {
  const source = random(seed, 'rising');
  return texts(
    'x',
    even.map((_, row) => (source.uniform() < (row < COUNT / 2 ? 0.3 : share) ? 'b' : 'a')),
  );
};
/** Data that last night's resembles, and that of weeks ago less so. */
const crept = (now: readonly Column[], before: readonly Column[], old: readonly Column[]): DataInput => {
  const { seen: _, ...profile } = data(old, old).now;
  const reference = { version: '0a1b2c3d4e5f', at: '2025-05-01T00:00:00.000Z', profile };
  return { ...data(now, before), reference };
};
const moved = (by: number) => [scattered(1, () => by)];
const unrelated = (input: DataInput): DataInput => ({
  ...input,
  before: { ...input.before!, relations: undefined, near: undefined, pairs: undefined, gaps: undefined },
});

/** Against a profile of an earlier release, which does not know multiples of 4 and 5. */
const inTens = (input: DataInput): DataInput => ({
  ...input,
  before: {
    ...input.before!,
    columns: input.before!.columns.map((each) => ({ ...each, multiples: each.multiples!.slice(0, 4) })),
  },
});

/** Against a profile of an earlier release, which does not tell the shares of the ends. */
const endless = (input: DataInput): DataInput => ({
  ...input,
  before: { ...input.before!, columns: input.before!.columns.map((each) => ({ ...each, ends: undefined })) },
});

const DATA: Readonly<Record<keyof typeof DATA_GATES, { refused: DataInput[]; passed: DataInput[] }>> = {
  enough: {
    refused: [data([column((value) => value, 99)], [plain])],
    passed: [data([column((value) => value, 100)], [plain])],
  },
  rows: {
    refused: [data([plain], [plain], { usualRows: 2100 }), data([plain], [plain], { usualRows: 490 })],
    passed: [data([plain], [plain], { usualRows: 1900 }), data([plain], [plain], { usualRows: 510 })],
  },
  distinct: {
    refused: [withDistinct(COUNT, 1, 690), withDistinct(100, 0, 60), nearCopies(500)],
    // Of a table that knows a hundred rows, more rows are no more distinct ones.
    passed: [
      withDistinct(COUNT, 1, 710),
      withDistinct(100, 0, 80),
      nearCopies(200),
      unrelated(nearCopies(500)),
    ],
  },
  columns: {
    refused: [data([numbers('y', even)], [plain]), data([letters(0.5)], [plain])],
    passed: [data([numbers('y', even), plain], [plain])],
  },
  missing: {
    // Of a column that was always filled in, less is alarming.
    refused: [
      against((value, row) => (row % 5 === 0 ? Number.NaN : value)),
      against((value, row) => (row % 12 === 0 ? Number.NaN : value)),
      data([gaps(0.32)], [gaps(0.2)]),
    ],
    passed: [against((value, row) => (row % 20 === 0 ? Number.NaN : value)), data([gaps(0.28)], [gaps(0.2)])],
  },
  stuck: {
    refused: [
      against((value, row) => (row % 5 === 0 ? 0.5 : value)),
      // A value that occurred once occurs in 3 % of the rows.
      against((value, row) => (row % 33 === 0 ? 0 : value)),
      // The most frequent value stays so: it is another one that has become frequent.
      data([counts((row) => (row % 12 === 0 ? -1 : undefined))], [counts(() => undefined)]),
      // Times that have become one.
      data([timesWhere((row) => row % 10 !== 0)], [timesOf(1)]),
    ],
    passed: [
      // A job that closed a quarter of what was open, at once.
      data([timesWhere((row) => row % 4 === 0)], [timesOf(1)]),
      // Whole days, here of ten of them and then of one.
      ...[0, 3_600_000].map((by) => data([timesWhere(() => true), measured], [timesOf(DAY, by), measured])),
      against((value, row) => (row % 60 === 0 ? 0.5 : value)),
      data([counts((row) => (row % 20 === 0 ? 7 : undefined))], [counts(() => undefined)]),
      data(
        [counts((row) => (row % 12 === 0 ? 7 : undefined))],
        [counts((row) => (row % 14 === 0 ? 7 : undefined))],
      ),
    ],
  },
  held: {
    refused: [
      against((_, row) => even[row % 24 < 8 ? row - (row % 24) : row]!),
      // In the order of the times alone.
      data([heldInTime, alternating], [scattered(2), alternating]),
    ],
    passed: [
      against((_, row) => even[row % 24 < 2 ? row - (row % 24) : row]!),
      // Of rounded values, many are equal, and next to one another once they are sorted.
      data([column((value) => Math.round(100 * value))], [rounded(scattered(2))]),
      data([heldInTime, alternating], [heldInTime, alternating]),
    ],
  },
  clipped: {
    refused: [
      against((value) => Math.min(0.94, value)),
      against((value) => Math.max(0.06, value)),
      // Of measurements, hardly any are equal.
      against((value) => Math.min(0.985, value)),
      against((value) => Math.max(0.015, value)),
      // Nor does any count repeat that much more often than the one next to it.
      data(
        [column((value) => Math.min(95, Math.round(100 * value)))],
        [column((value) => Math.round(100 * value))],
      ),
    ],
    // A column that was cut off before is no other now.
    passed: [
      against((value) => Math.min(0.995, value)),
      data([column((value) => Math.min(0.5, value))], [column((value) => Math.min(0.51, value))]),
      data([column((value) => Math.max(0.13, value))], [column((value) => Math.max(0.11, value))]),
      data([column((value) => Math.round(99 * value))], [column((value) => Math.round(100 * value))]),
      endless(against((value) => Math.min(0.985, value))),
      // A cap of which the champion had some exceptions, and tonight none.
      data([cappedBut(0)], [cappedBut(3)]),
    ],
  },
  truncated: {
    refused: [
      data([column((value) => 0.87 * value)], [plain]),
      data([column((value) => 1 - 0.87 * value)], [plain]),
    ],
    passed: [
      data([column((value) => 0.95 * value)], [plain]),
      // All have moved: of waiting times, most lie near the end.
      against((value) => value + 0.1),
      against((value) => value - 0.1),
      data([column((value) => 0.12 - Math.log(1 - value))], [column((value) => -Math.log(1 - value))]),
      data([column((_, row) => (0.9 * row) / 100, 100)], [plain]),
    ],
  },
  rounded: {
    refused: [
      data([column((value) => Math.floor(300 * value))], [column((value) => 300 * value)]),
      data([column((_, row) => Math.round(row / 10) * 10)], [column((_, row) => row)]),
      data(
        [column((value, row) => (row % 3 ? 300 * value : Math.round(300 * value)))],
        [column((value) => 299 * value)],
      ),
      // Bands of five, and a pulse that was counted for a quarter of a minute, of a part of the rows.
      ...[5, 4].map((step) =>
        data(
          [column((_, row) => (row % 2 ? row : Math.round(row / step) * step))],
          [column((_, row) => row)],
        ),
      ),
      timesCutTo(DAY),
      // Midnight where time is an hour ahead of UTC.
      timesCutTo(DAY, 3_600_000),
    ],
    // Finer numbers than before are no loss.
    passed: [
      data([column((value) => 299.7 * value)], [column((value) => Math.floor(300 * value))]),
      data([column((value, row) => (row % 6 ? 299.7 * value : row))], [column((value) => 299.7 * value)]),
      inTens(
        data([column((_, row) => (row % 2 ? row : Math.round(row / 4) * 4))], [column((_, row) => row)]),
      ),
      timesCutTo(1),
      data([timesOf(DAY)], [timesOf(DAY)]),
    ],
  },
  range: {
    refused: [against((value, row) => (row % 100 === 0 ? 1000 : value))],
    passed: [against((value, row) => (row === 100 ? 1000 : value))],
  },
  extremes: {
    refused: [
      against((value, row) => (row === 100 ? 1000 : value)),
      against((value, row) => (row === 100 ? -999.9 : value)),
      // Nothing was on that side.
      data(
        [column((value, row) => (row === 100 ? -999.9 : Math.max(0, value - 0.7)))],
        [column((value) => Math.max(0, value - 0.7))],
      ),
    ],
    passed: [
      against((value, row) => (row === 100 ? 5 : value)),
      // A long tail may be longer in other rows.
      data(
        [column((value, row) => (row === 100 ? 1e6 : 1 / (1.0001 - value)))],
        [column((value) => 1 / (1.0001 - value))],
      ),
    ],
  },
  spread: {
    refused: [
      against((value) => 1.35 * value),
      against((value) => value / 1.35),
      // Alarms, three times as many, which are too few for `shares`.
      data([alarms(0.06)], [alarms(0.02)]),
      // Other values.
      data(
        [
          numbers(
            'x',
            [...alarms(0.2).values].map((value) => 1.35 * value),
          ),
        ],
        [alarms(0.2)],
      ),
    ],
    passed: [
      against((value) => 1.2 * value),
      // The dearest product of a catalogue, in a little more than a hundredth of the rows, and in a little less.
      data([listed(0.012)], [listed(0.008)]),
      // As many more as `classes` passes.
      data([alarms(0.17)], [alarms(0.1)]),
      // Of heavy tails, a few rows decide.
      data([column((value) => 1.35 / (1.01 - value) ** 2)], [column((value) => 1 / (1.01 - value) ** 2)]),
    ],
  },
  quantiles: { refused: [against((value) => value + 0.2)], passed: [against((value) => value + 0.1)] },
  appeared: {
    refused: [data([letters(0.3, 0.03)], [letters(0.3)])],
    passed: [data([letters(0.3, 0.01)], [letters(0.3)])],
  },
  vanished: {
    refused: [data([letters(0.3)], [letters(0.3, 0.03)])],
    passed: [data([letters(0.3)], [letters(0.3, 0.01)])],
  },
  shares: { refused: [data([letters(0.5)], [letters(0.3)])], passed: [data([letters(0.4)], [letters(0.3)])] },
  // Half of the positive labels that have not arrived yet are a factor of 2.1.
  classes: { refused: [classed(0), classed(0.22), classed(0.04)], passed: [classed(0.15), classed(0.06)] },
  relations: {
    refused: [
      data(paired(3), paired(0.5)),
      data(paired(3, -1), paired(3)),
      data(alarmed(0), alarmed(0.6)),
      data(paired(3).toReversed(), paired(0.5)),
      data(following(0.5, 1), following(0.9, 2)),
      // Values are missing elsewhere.
      data(lacking(0.4), lacking(0.1)),
      data(lacking(0.15, 0), lacking(0, 0)),
    ],
    passed: [
      data(paired(0.6), paired(0.5)),
      data(lacking(0.15), lacking(0.1)),
      data(lacking(0.05, 0.05), lacking(0, 0)),
      // Labels are missing as long as they have not come.
      data(lacking(0.4), lacking(0.1), { lateLabel: 'y' }),
      // Near 1, noise is a large step on Fisher's scale.
      data(paired(0.1), paired(0.001)),
      data(alarmed(0.5), alarmed(0.6)),
      data(following(0.87, 1), following(0.9, 2)),
    ],
  },
  order: {
    refused: [
      data(trips(1), trips(0)),
      data(trips(0.06), trips(0)),
      data(trips(0.1), trips(0.02)),
      // Ends that are days away from all starts.
      data(trips(0.1, 0, 20), trips(0, 0, 20)),
      // Ends that were copied from the starts.
      data(trips(0, 1), trips(0)),
      data(trips(0, 0.08), trips(0)),
      data(trips(0, 0.32), trips(0, 0.15)),
    ],
    passed: [
      data(trips(0.02), trips(0)),
      data(trips(0), trips(0)),
      data(trips(0, 0.02), trips(0)),
      // A start that is as late as the end in some rows, as every night.
      data(trips(0, 0.2), trips(0, 0.15)),
      data(trips(0, 0.06), trips(0, 0.02)),
      // Some promises are not kept, and on a bad day more.
      data(trips(0.05), trips(0.02)),
      data(trips(0, 0, 20), trips(0, 0, 20)),
      // Against the profile of an earlier release.
      withoutTies(data(trips(0, 0.3), trips(0))),
    ],
  },
  ratios: {
    refused: [
      data(taxed([1.2]), taxed([1.19], 2)),
      data(taxed([1.19, 1.19, 1.19, 1], 1), taxed([1.19, 1.19, 1.19, 1.19, 1.19, 1.19, 1.19, 1], 2)),
      // Where 15 % have no tax, net prices in 8 % more.
      data(taxed(exempt(23)), taxed(exempt(15), 2)),
      // In one of ten rows more, values are equal.
      data(taxed([1, 1, 1.19, 1.19, 1.19, 1.19, 1.19, 1.19, 1.19, 1.19]), taxed(oneExempt, 2)),
      // A rate that was the same weeks ago is set, though one of another currency is among them.
      { ...data(taxed([1.2, 1.2, 1.0612]), taxed([1.19, 1.19, 1.0655], 2)), ...weeksAgo([1.19, 1.0512]) },
      // A currency that is no longer one.
      data(taxed([1, 1, 1, 1, 0.9537]), taxed([1, 1, 1, 1.0612, 0.9537], 2)),
      // Of two columns that no factor went for, one is copied to the other in 17 % of the rows.
      data(copied(0.17, 1), copied(0, 2)),
    ],
    passed: [
      data(taxed([1.19]), taxed([1.19], 2)),
      data(taxed(oneExempt), taxed(oneExempt, 2)),
      data(taxed(exempt(18)), taxed(exempt(15), 2)),
      // A rate of exchange is another one every night.
      data(taxed([1.0874]), taxed([1.0812], 2)),
      data(taxed(currencies), taxed(currencies, 2)),
      data(taxed([1, 1, 1, 1.0655, 0.9489]), taxed(currencies, 2)),
      // Two that are near one another, and one that had two rates in a night.
      data(taxed([1, 1, 1.0655, 1.0412, 1.0312]), taxed([1, 1, 1.0612, 1.0412, 1.0412], 2)),
      data(taxed([1, 1, 1, 161.37 * 1.003]), taxed([1, 1, 1, 161.37], 2)),
      // It may be a round number on one day.
      data(taxed([1, 1, 1, 1.1873, 0.9537]), taxed([1, 1, 1, 1.19, 0.9537], 2)),
      { ...data(taxed([1, 1, 1, 1.1873]), taxed([1, 1, 1, 1.19], 2)), ...weeksAgo([1, 1, 1, 1.2034]) },
      // A factor of coarse numbers is not known exactly.
      data(bonuses(0.6, 110), bonuses(0.4, 10)),
      // Which shops the rows are of.
      data([...taxed([1.19]), ...placed(1, 1)], [...taxed([1.19], 2), ...placed(8, 2)]),
    ],
  },
  sums: {
    refused: [
      data(claims({ net: 0.25 }, 1), claims({}, 2)),
      data(claims({ other: 0.1 }, 1), claims({}, 2)),
      // Some claims have been corrected by hand, as every night.
      data(claims({ other: 0.05 }, 1), claims({ other: 0.01 }, 2)),
    ],
    passed: [data(claims({}, 1), claims({}, 2)), data(claims({ other: 0.02 }, 1), claims({}, 2))],
  },
  groups: {
    // Noise and values that are stuck in one category leave its mean as it was.
    refused: [
      data(alarmed(0), alarmed(0.6)),
      data(noisy(3, 1), noisy(1, 2)),
      data(noisy(0.01, 1), noisy(1, 2)),
    ],
    passed: [
      data(alarmed(0.5), alarmed(0.6)),
      data(noisy(1.1, 1), noisy(1, 2)),
      // Other shares move nothing.
      data(ofOne(0.11, 1), ofOne(0.16, 2)),
    ],
  },
  explained: {
    refused: [
      data(paired(0.5), paired(0.2)),
      data(tripled(0.6), tripled(0.2)),
      // Of a category, too.
      data(following(0.5, 1), following(0.65, 2)),
      // Noise in one that is of a narrower range than before, too.
      data(paired(1).map(lowerPart(0.7)), paired(0.5)),
    ],
    passed: [
      // Rows of a narrower range, of which no less is known.
      data(paired(0.5).map(lowerPart(0.7)), paired(0.5)),
      data(paired(0.22), paired(0.2)),
      data(paired(0.2), paired(0.5)),
      data(paired(0.1), paired(0.001)),
      data(following(0.62, 1), following(0.65, 2)),
    ],
  },
  pairs: {
    refused: [
      data(rare(0, 0.12, 1), rare(0.12, 0.12, 2)),
      // Nearly all of it was there: how frequent it is altogether says nothing.
      data(rare(0, 0.02, 1), rare(0.2, 0.02, 2)),
      data(rare(0.9, 0.2, 1, 0.05), rare(0.1, 0.2, 2, 0.05)),
    ],
    passed: [
      data(rare(0.06, 0.12, 1), rare(0.12, 0.12, 2)),
      data(rare(0.08, 0.008, 1), rare(0.2, 0.02, 2)),
      // Fewer everywhere, and a site that was not exported: for `shares` and `vanished`.
      data(rare(0.02, 0.02, 1), rare(0.12, 0.12, 2)),
      data(rare(0.12, 0.12, 1, 0), rare(0.12, 0.12, 2)),
      // Of so few rows, chance may take all.
      data(rare(0, 0.05, 1), rare(0.05, 0.05, 2)),
      // Two that always went together, and tonight hardly ever do not.
      data(exclusive(0.05, 1), exclusive(0, 2)),
    ],
  },
  unpaired: {
    refused: [data(following(0.95, 1), following(1, 2))],
    passed: [
      data(following(0.99, 1), following(1, 2)),
      data(following(0.95, 1), following(0.99, 2)),
      // Another category is for `appeared`.
      data([thirdSite, rare(0.1, 0.1, 1)[1]!], rare(0.1, 0.1, 2)),
    ],
  },
  gaps: {
    refused: [data(contrary(0.03, 1), contrary(0, 2)), data(misplaced(0.03, 1), misplaced(0, 2))],
    passed: [
      data(contrary(0.01, 1), contrary(0, 2)),
      data(misplaced(0.005, 1), misplaced(0, 2)),
      data(contrary(0.03, 1), contrary(0.03, 2)),
      // A column that has moved by a little.
      data(paired(0.11), paired(0.1)),
      data([measured, column((value) => value + 0.05)], [measured, plain]),
      // What is new altogether is for `appeared`.
      data(priced(0.018, 1), priced(0, 2)),
    ],
  },
  contradicted: {
    refused: [data(contrary(0.03, 1), contrary(0, 2))],
    passed: [
      data(contrary(0.01, 1), contrary(0, 2)),
      data(contrary(0.03, 1), contrary(0.03, 2)),
      data(paired(0.11), paired(0.1)),
      data(priced(0.018, 1), priced(0, 2)),
      // A single absurd value, which is for `extremes`.
      data(withAbsurd(paired(0.1)), paired(0.1)),
    ],
  },
  imputed: {
    refused: [data(summed({ imputed: 0.3 }), summed({}, 4)), data(summed({ imputed: 0.1 }), summed({}, 4))],
    passed: [
      data(summed({}), summed({}, 4)),
      data(summed({ imputed: 0.02 }), summed({}, 4)),
      data(summed({ imputed: 0.3 }), summed({ imputed: 0.3 }, 4)),
      data(summed({ noise: 0.1 }), summed({ noise: 0.5 }, 4)),
    ],
  },
  noise: {
    refused: [
      data(summed({ above: 1 }), summed({}, 4)),
      // All of it is noisy: that is for the gate \`explained\`, and for this one.
      data(summed({ noise: 1 }), summed({}, 4)),
    ],
    passed: [
      data(summed({}), summed({}, 4)),
      data(summed({ above: 0.1 }), summed({}, 4)),
      data(summed({ above: 1 }), summed({ above: 1 }, 4)),
      data(summed({ noise: 0.2 }), summed({ noise: 0.4 }, 4)),
    ],
  },
  tenths: {
    refused: [
      data(summed({ last: 0.5 }), summed({}, 4)),
      data([...summed({ last: 0.5, every: 10 }), tenOfTen], [...summed({}, 4), tenOfTen]),
    ],
    passed: [
      data(summed({ last: 0.05 }), summed({}, 4)),
      data(summed({ last: 0.5 }), summed({ last: 0.5 }, 4)),
      // Sorted by a column that the others do not tell.
      data([plain, ...summed({})], [scattered(2), ...summed({}, 4)]),
      data(sortedBy('sum', summed({ noise: 2 })), summed({ noise: 2 }, 4)),
    ],
  },
  halves: {
    refused: [
      data([scattered(1, later(0.2))], [scattered(2)]),
      data([scattered(1, (row) => 0.2 - later(0.2)(row))], [scattered(2)]),
      data([scattered(1, (row) => (row >= 250 && row < 750 ? 0.2 : 0))], [scattered(2)]),
      data([scattered(1, (row) => (row % 2 === 0 ? 0 : 0.2)), alternating], [scattered(2), alternating]),
      data([risingTo(0.5)], [risingTo(0.3, 6)]),
    ],
    passed: [
      data([scattered(1, later(0.05))], [scattered(2)]),
      // All of it has moved, which is for the gate `quantiles`.
      data([scattered(1, () => 0.1)], [scattered(2)]),
      // Sorted, and that of a world that has moved a little.
      data([plain], [scattered(2)]),
      data([column((value) => value + 0.03)], [scattered(2)]),
      data(
        [scattered(1, (row) => (row % 2 === 0 ? 0 : 0.2))],
        [scattered(2, (row) => (row % 2 === 0 ? 0 : 0.2))],
      ),
      // As every night.
      data([scattered(1, later(0.2))], [scattered(2, later(0.2))]),
      data([risingTo(0.36)], [risingTo(0.3, 6)]),
    ],
  },
  creep: {
    refused: [
      crept(moved(0.7), moved(0.6), moved(0)),
      crept(paired(1), paired(0.9), paired(0.4)),
      crept([letters(0.6)], [letters(0.55)], [letters(0.25)]),
      // What the columns leave each other, and how they go together, creeps as well.
      crept(summed({ noise: 1.5 }), summed({ noise: 1.3 }), summed({ noise: 0.5 }, 4)),
      crept(contrary(0.1, 1), contrary(0.1, 3), contrary(0, 2)),
      crept(following(0.9, 1), following(0.92, 3), following(1, 2)),
      crept(rare(0, 0.12, 1), rare(0.01, 0.12, 3), rare(0.3, 0.12, 2)),
      crept([gaps(0.5)], [gaps(0.42)], [gaps(0)]),
      crept([column((value) => 3.3 * value)], [column((value) => 2.4 * value)], [plain]),
    ],
    passed: [
      crept(moved(0.5), moved(0.4), moved(0)),
      crept(paired(0.6), paired(0.5), paired(0.4)),
      crept([letters(0.45)], [letters(0.4)], [letters(0.25)]),
      crept([gaps(0.2)], [gaps(0.15)], [gaps(0)]),
    ],
  },
  fresh: {
    refused: [dated(3), dated(-10, -5), dated(-10, -5, 0.02)],
    passed: [dated(0.5), dated(-5.5, -5), expiring],
  },
  period: {
    refused: [data([lastYear(0.5)], [lastYear(0)]), data([lastYear(0.07)], [lastYear(0.001)])],
    passed: [data([lastYear(0.04)], [lastYear(0)]), data([lastYear(0.5)], [lastYear(0.5)]), dated(-5.5, -5)],
  },
  catalogue: {
    refused: [catalogued(items.slice(1))],
    passed: [catalogued([...items.slice(0, 3), 'another'])],
  },
};

// By the data, so that a gate that is no longer asked is missed.
describe.each(Object.entries(DATA))('gate %s', (name, { refused, passed }) => {
  const gate: DataGate = DATA_GATES[name as keyof typeof DATA_GATES];
  const limit = gate?.limit ?? 0;

  it('refuses, and reports its figures', async () => {
    for (const each of refused) {
      const verdict = await gate.judge(each, limit);
      expect(verdict).toMatchObject({ passed: false, figures: expect.stringMatching(/\S/) });
    }
  });

  it('passes', async () => {
    for (const each of passed) expect(await gate.judge(each, limit)).toMatchObject({ passed: true });
  });

  it('passes the first version of a model', async () => {
    const first = { ...against((value) => value), before: undefined, usualRows: undefined };
    expect((await gate.judge(first, limit))?.passed ?? true).toBe(true);
  });
});

it('names all columns that are refused, the worst first', async () => {
  const moved = (by: readonly number[]) =>
    by.map((each, i) => ({ ...column((value) => value + each), name: `x${i}` }));
  const input = data(moved([0.3, 0.1, 0.6, 0.4]), moved([0, 0, 0, 0]));
  const { figures } = (await DATA_GATES.quantiles.judge(input, DATA_GATES.quantiles.limit!))!;
  expect(figures).toMatch(/^x2: .*, limit [\d.]+; also x3, x0$/);
});

it('rows of production may lack the label, which comes later, and nothing else', () => {
  const whole = (name: string) =>
    texts(
      name,
      even.map((_, row) => 'ab'[row % 2]!),
    );
  const gappy = (name: string) => {
    const filled = whole(name);
    return { ...filled, codes: filled.codes.map((code, row) => (row % 3 === 0 ? -1 : code)) };
  };
  const judged = (labelsFollow: boolean, columns: readonly Column[]) => {
    const { before, data: read, at } = data(columns, [whole('x'), whole('state')]);
    const { codes, categories } = gappy('state');
    const labelled = { ...read, labels: { name: 'state', classes: categories, rows: codes } };
    const champion = { manifest: undefined, profile: before };
    const input = dataInput(labelled, champion, 1000, at, labelsFollow);
    return DATA_GATES.missing.judge(input, DATA_GATES.missing.limit!);
  };
  expect(judged(false, [whole('x'), gappy('state')])).toMatchObject({ passed: false, column: 'state' });
  expect(judged(true, [whole('x'), gappy('state')])).toMatchObject({ passed: true, column: 'x' });
  expect(judged(true, [gappy('x'), gappy('state')])).toMatchObject({ passed: false, column: 'x' });
});

const LATER = [
  ...(['relations', 'groups', 'imputed', 'noise', 'contradicted', 'tenths'] as const),
  ...(['pairs', 'unpaired', 'gaps'] as const),
];

it.each(LATER)('the gate %s does not apply to the profile of an earlier release', (name) => {
  const { judge, limit } = DATA_GATES[name];
  const columns = [...paired(0.5), ...rare(0.1, 0.1, 1)];
  expect(judge(data(columns, columns), limit!)).toBeDefined();
  expect(judge(unrelated(data(columns, columns)), limit!)).toBeUndefined();
});
