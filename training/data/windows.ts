/** Windows of long series: a table of one row per window, made of a table of one row per point in time. */
import { InputError } from '../../shared/errors.ts';
import { anomalyLabels, labelColumn } from './anomalyLabels.ts';
import type { ColumnChoices } from './choices.ts';
import { recordedChoices } from './chosenColumns.ts';
import type { Parts, Shares } from './dataset.ts';
import { foundLabel, freeColumns } from './foundLabel.ts';
import type { KnownColumns } from './knownColumns.ts';
import { timeSplit } from './splits.ts';
import { type Column, columnOf, isMissing, numbersOf, selectRows, type Table } from './table.ts';

/** Points in a window. */
const LENGTH = 32;
/** Most windows without a chosen stride: more take memory, and what is fitted after training uses no more. */
const MOST_WINDOWS = 100_000;

/** Column of times, if none is chosen: one of dates, or of numbers with such a name. */
const TIME = /^(?:time|date|timestamp|ts|datetime|t)$|[_ ](?:time|date|timestamp|at|ts)$/i;

export interface Windowed {
  /**
   * Columns `name[t-1]`, `name[t]` for each column of numbers and step, that of the label if there is one, and those of
   * times and series, of the last point.
   */
  readonly table: Table;
  /** Windows of the oldest points, and of the newest; those with points of two parts are left out. */
  readonly parts: Parts;
  /** Choices about the columns of that table, of which the label is true where any point of the window is an anomaly. */
  readonly own: ColumnChoices;
  /** Choices that lead to the same windows of the same points. */
  readonly recorded: ColumnChoices;
  readonly notes: readonly string[];
}

interface Layout {
  readonly length: number;
  readonly time: Column | undefined;
  /** Columns of numbers that windows hold. */
  readonly channels: readonly Column[];
  /** Rows by series and time. */
  readonly order: Uint32Array;
  readonly id: Column | undefined;
  /** Columns that the known model does not have, though they could be channels. */
  readonly leftOut: readonly string[];
}

/**
 * Divides the points of each series by time and makes windows of each part.
 * @throws {InputError} if there are no columns of numbers, or too few points for a window in each part.
 */
export function windowsOf(table: Table, choices: ColumnChoices, shares: Shares): Windowed {
  const ofPoints = { ...choices, ...(choices.known && { known: channelsOf(choices.known) }) };
  const { column: label, notes: possible } = foundLabel(table, ofPoints);
  const layout = layoutOf(table, ofPoints, label?.name);
  const { length, order, time, id } = layout;
  const stride = wholeNumber(choices.stride, 'stride', Math.ceil(table.rowCount / MOST_WINDOWS));
  const labels = label && anomalyLabels(label, choices.positive);
  const ranks = Float64Array.from(order.keys());
  const points = timeSplit(
    time === undefined ? { name: 'row', type: 'number', values: ranks } : time,
    shares,
  );
  const partOf = new Uint8Array(table.rowCount);
  for (const [part, rows] of [points.train, points.validation, points.test].entries())
    for (const row of rows) partOf[time === undefined ? order[row]! : row] = part;
  const starts: [number[], number[], number[]] = [[], [], []];
  let crossing = 0;
  for (const start of startsOf(layout, stride)) {
    const part = partOf[order[start]!]!;
    if (partOf[order[start + length - 1]!] === part) starts[part]!.push(start);
    else crossing++;
  }
  const [train, validation, test] = starts.map(({ length: count }) => count) as [number, number, number];
  if (Math.min(train, validation, test) === 0) {
    throw new InputError(
      `${table.source}: expected windows of ${length} points in each part, found ${train} to train on, ${validation} for validation and ${test} for testing; lower --length`,
    );
  }
  const all = starts.flat();
  const anomalous = labels?.anomalous?.map((name) => labels.classes.indexOf(name)) ?? [];
  const isAnomaly = (start: number) =>
    Array.from(order.subarray(start, start + length)).some((row) => anomalous.includes(labels!.rows[row]!));
  const made = windowTable(table, layout, all);
  const marked: Column[] =
    labels?.anomalous === undefined
      ? []
      : [
          {
            name: label!.name,
            type: 'boolean',
            values: Float32Array.from(all, (start) => Number(isAnomaly(start))),
          },
        ];
  const range = (from: number, count: number) => Uint32Array.from({ length: count }, (_, i) => from + i);
  return {
    table: { ...made, columns: [...made.columns, ...marked] },
    parts: {
      train: range(0, train),
      validation: range(train, validation),
      test: range(train + validation, test),
    },
    own: {
      ...(choices.known && { known: choices.known }),
      ...(time !== undefined && { time: time.name }),
      ...(id !== undefined && { id: id.name }),
      ...(marked.length > 0 && { label: label!.name, positive: ['true'] }),
    },
    recorded: {
      ...recordedChoices(choices, table, labels),
      ...(time !== undefined && { time: time.name }),
      ...{ length: `${length}`, stride: `${stride}` },
    },
    notes: [
      `${all.length} windows of ${length} points (--length), one every ${stride} (--stride), by ${time === undefined ? 'the order of rows' : `column ${time.name}`}${id === undefined ? '' : ` for each ${id.name}`}; the newest points are for testing, and ${crossing} windows with points of two parts are left out`,
      ...(labels?.anomalous === undefined
        ? []
        : [
            `a window is an anomaly if any of its points is: column ${label!.name} is ${labels.anomalous.join(', ')} (--label, --positive${choices.label === undefined ? `; with --feature ${label!.name} it is no label` : ''})`,
          ]),
      ...layout.leftOut.map(
        (name) =>
          `column ${name} is left out, as in ${choices.known!.model}; --feature ${name} makes it an input, together with --allow-breaking, as clients notice`,
      ),
      ...possible,
    ],
  };
}

/**
 * Windows of all points, as a model sees them that was trained with these choices, one after each point: the first that
 * have a whole window before them have none.
 */
export function everyWindow(table: Table, choices: ColumnChoices): Table {
  // Labels that were found by their values are among the recorded choices.
  const ofPoints = { ...choices, ...(choices.known && { known: channelsOf(choices.known) }) };
  const label = choices.label ?? labelColumn(freeColumns(table, ofPoints))?.name;
  const layout = layoutOf(table, ofPoints, label);
  return windowTable(table, layout, startsOf(layout, 1));
}

function layoutOf(table: Table, choices: ColumnChoices, label: string | undefined): Layout {
  const { ignore = [], feature = [], time: chosen, id: series, known } = choices;
  const length = wholeNumber(choices.length, 'length', LENGTH);
  const others = table.columns.filter(({ name }) => name !== label && name !== series);
  const time =
    chosen === undefined
      ? (others.find(({ type }) => type === 'date') ??
        others.find(({ name, type }) => type === 'number' && TIME.test(name)))
      : columnOf(table, chosen);
  const id = series === undefined ? undefined : columnOf(table, series);
  const isChannel = ({ name, type }: Column) =>
    name !== time?.name && !ignore.includes(name) && (type === 'number' || type === 'boolean');
  const isInput = (column: Column) =>
    feature.includes(column.name) ||
    (known === undefined ? varies(column) : Object.hasOwn(known.features, column.name));
  const possible = others.filter(isChannel);
  const channels = possible.filter(isInput);
  if (channels.length === 0) {
    const names = table.columns.map(({ name }) => name).join(', ');
    throw new InputError(
      `${table.source}: expected a column of numbers next to that of times, found ${names}`,
    );
  }
  const [ids, times] = [id && numbersOf(id), time && numbersOf(time)];
  const by = (values: ArrayLike<number> | undefined, a: number, b: number) =>
    values ? values[a]! - values[b]! : 0;
  const order = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
  return {
    length,
    time,
    id,
    channels,
    leftOut: possible
      .filter((column) => known !== undefined && !isInput(column) && varies(column))
      .map(({ name }) => name),
    order: order.sort((a, b) => by(ids, a, b) || by(times, a, b) || a - b),
  };
}

/** Positions in the order at which a whole window of one series begins. */
function startsOf({ length, order, id }: Layout, stride: number): number[] {
  const ids = id && numbersOf(id);
  const starts: number[] = [];
  for (let start = 0; start + length <= order.length; start += stride)
    if (ids === undefined || ids[order[start]!] === ids[order[start + length - 1]!]) starts.push(start);
  return starts;
}

function windowTable(
  table: Table,
  { length, channels, order, time, id }: Layout,
  starts: readonly number[],
): Table {
  const steps = channels.flatMap((channel) => {
    const values = numbersOf(channel);
    return Array.from(
      { length },
      (_, step): Column => ({
        name: stepName(channel.name, length - 1 - step),
        type: 'number',
        values: Float64Array.from(starts, (start) => values[order[start + step]!]!),
      }),
    );
  });
  const lasts = Uint32Array.from(starts, (start) => order[start + length - 1]!);
  const named = [time, id].filter((column) => column !== undefined);
  const own = selectRows({ ...table, columns: named }, lasts).columns;
  return { source: table.source, rowCount: starts.length, columns: [...own, ...steps] };
}

/** The columns of points, of a model whose features are their steps. */
function channelsOf({ features, ...known }: KnownColumns): KnownColumns {
  const channels = Object.entries(features).map(([name, feature]) => [channelName(name), feature] as const);
  return { ...known, features: Object.fromEntries(channels) };
}

const channelName = (step: string) => step.replace(/\[t(-\d+)?\]$/, '');

/** `load[t-3]`, and `load[t]` for the last point. */
const stepName = (name: string, before: number) => (before === 0 ? `${name}[t]` : `${name}[t-${before}]`);

function varies(column: Column): boolean {
  const values = numbersOf(column);
  const first = Array.from(values).find((_, row) => !isMissing(column, row));
  return Array.prototype.some.call(values, (value, row) => !isMissing(column, row) && value !== first);
}

function wholeNumber(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new InputError(`--${name}: expected a whole number from 1 to 10000, received ${text}`);
}
