/** The column of a table that marks anomalies; models are evaluated against it and never trained on it. */
import { InputError } from '../../shared/errors.ts';
import type { Labels } from './dataset.ts';
import { type Column, numbersOf, type Table } from './table.ts';

/** Names of anomalies in published data sets. */
const ANOMALY =
  'anomal(?:y|ies|ous)|outliers?|fraud|attacks?|intrusion|malicious|malware|abnormal|(?:machine[_ ]?)?failure|fault|defect(?:ive)?';
/** Names that published data sets give this column, with or without a leading `is`. */
const LABEL_NAME = new RegExp(
  `^(is[_ ]?)?(flagged[_ ]?)?(y|label|class|target|ground[_ ]?truth|normal[/_ ]attack|${ANOMALY})([_ ]?(label|class|flag))?$`,
  'i',
);
const NAMED_FOR_ANOMALIES = new RegExp(`^(is[_ ]?.*|.*(${ANOMALY}).*)$`, 'i');
const ANOMALY_VALUE = new RegExp(
  `^(${ANOMALY}|fail(ed)?|faulty|broken|bad|nok|not[ _]ok|bot|spam|suspicious)$`,
  'i',
);
const NORMAL_VALUE =
  /^(normal|benign|ok|pass(ed)?|good|legit(imate)?|genuine|inliers?|regular|healthy|nominal|clean|background|none|no[ _]?(attack|failure|fault|fraud|defect))\.?$/i;

const MAX_CLASSES = 100;

/**
 * Returns the last column with such a name that holds classes, or undefined. A column `y` has two classes: with
 * more values it is a coordinate or a number to predict.
 */
export function labelColumn({ columns }: Table): Column | undefined {
  return columns.findLast((column) => {
    if (!LABEL_NAME.test(column.name)) return false;
    const values = distinctValues(column);
    const most = column.name.toLowerCase() === 'y' && column.type === 'number' ? 2 : MAX_CLASSES;
    return values.length > 1 && values.length <= most && holdsClasses(column, values);
  });
}

/** Returns true if the name is one of a label that marks anomalies, such as `is_fraud`. */
export function isNamedForAnomalies(name: string): boolean {
  return LABEL_NAME.test(name) && NAMED_FOR_ANOMALIES.test(name);
}

/** Returns true if the word names anomalies, such as `faulty`. */
export const meansAnomaly = (word: string): boolean => ANOMALY_VALUE.test(word);

/** Returns true if the word is one for rows that are no anomalies, such as `ok`. */
export const meansNormal = (word: string): boolean => NORMAL_VALUE.test(word);

function holdsClasses({ type }: Column, values: readonly number[]): boolean {
  return type !== 'date' && (type !== 'number' || values.every(Number.isInteger));
}

/** Returns the distinct values that are not missing, ascending; for categories, their codes. */
export function distinctValues(column: Column): number[] {
  const distinct = new Set<number>();
  const values = numbersOf(column);
  for (let r = 0; r < values.length; r++) if (!Number.isNaN(values[r]!)) distinct.add(values[r]!);
  return [...distinct].sort((a, b) => a - b);
}

export interface AnomalyLabels extends Labels {
  /** The reason for `anomalous`, as a clause after `since`. */
  readonly reason?: string;
}

/**
 * Returns a column's values as labels. The classes of anomalies are `positive` or, without it, those that names
 * and values give; of two classes without such names, the rarer one. Returns undefined for more than 100
 * distinct values, which are not classes.
 * @throws {InputError} if 1 is the more frequent of 0 and 1 and nothing shows which marks anomalies, and if a
 * column of several classes holds none of those in `positive`.
 */
export function anomalyLabels(column: Column, positive?: readonly string[]): AnomalyLabels | undefined {
  const known = classesOf(column);
  if (known === undefined) return undefined;
  const { classes, rows, counts } = known;
  const found =
    positive === undefined ? inferred(column, classes, counts) : chosen(column.name, classes, positive);
  return { name: column.name, classes, rows, ...found };
}

export interface Classes {
  readonly classes: readonly string[];
  /** Index of each row's class, -1 where the value is missing. */
  readonly rows: readonly number[];
  /** Rows of each class. */
  readonly counts: readonly number[];
}

/** Returns a column's distinct values as classes; undefined for more than 100. */
export function classesOf(column: Column): Classes | undefined {
  const distinct = distinctValues(column);
  if (distinct.length > MAX_CLASSES) return undefined;
  const nameOf = (value: number) => {
    if (column.type === 'category') return column.categories[value]!;
    return column.type === 'boolean' ? String(value === 1) : String(value);
  };
  const place = new Map(distinct.map((value, i) => [value, i]));
  const rows = Array.from(numbersOf(column), (value) => place.get(value) ?? -1);
  const counts = new Array<number>(distinct.length).fill(0);
  for (const row of rows) if (row >= 0) counts[row]!++;
  return { classes: distinct.map(nameOf), rows, counts };
}

interface Polarity {
  readonly anomalous?: readonly string[];
  readonly reason?: string;
}

function inferred({ name, type }: Column, classes: readonly string[], counts: readonly number[]): Polarity {
  const normal = classes.filter(meansNormal);
  if (normal.length === 1 && classes.length > 1) {
    return { anomalous: classes.filter((value) => value !== normal[0]), reason: `${normal[0]} is normal` };
  }
  const named = classes.filter(meansAnomaly);
  if (named.length > 0 && named.length < classes.length) {
    return { anomalous: named, reason: 'the value names anomalies' };
  }
  if (classes.length !== 2) return {};
  const rarest = classes[counts[0]! <= counts[1]! ? 0 : 1]!;
  const rarer = { anomalous: [rarest], reason: 'it is the rarer value' };
  const yes = positiveOf(type, classes);
  if (yes === undefined || yes === rarest) return rarer;
  if (isNamedForAnomalies(name)) return { anomalous: [yes], reason: `the column is named ${name}` };
  const share = Math.round((100 * Math.max(...counts)) / (counts[0]! + counts[1]!));
  throw new InputError(
    `column ${name}: ${yes} is in ${share} % of the rows: expected the value that marks anomalies; choose it with --positive ${yes} or --positive ${rarest} (in TypeScript, \`positive\`), or leave the column out with --ignore ${name}`,
  );
}

/** Returns the value that means yes, if the values are of that kind. */
function positiveOf(type: Column['type'], classes: readonly string[]): string | undefined {
  if (type === 'boolean') return 'true';
  return classes.join() === '0,1' ? '1' : undefined;
}

/** Rows may hold only some of the classes, or no anomaly at all, unlike those that the choice was made for. */
function chosen(name: string, classes: readonly string[], positive: readonly string[]): Polarity {
  const absent = positive.filter((value) => !classes.includes(value));
  if (classes.length > 1 && absent.length === positive.length) {
    throw new InputError(
      `column ${name}: expected values of it for --positive (${classes.slice(0, 10).join(', ')}), received ${positive.join(', ')}`,
    );
  }
  const none = absent.length === 0 ? '' : ` (no row holds ${absent.join(', ')})`;
  return { anomalous: [...positive], reason: `it was asked for${none}` };
}
