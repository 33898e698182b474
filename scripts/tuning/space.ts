/** The space of settings that is searched: `codeSize=8,16,32 learningRate=1e-4..1e-2`. */
import { InputError } from '../../shared/errors.ts';
import type { VariantChoice } from '../../training/models/variantChoice.ts';
import { resolveSettings } from '../../training/settings.ts';
import { parseValue } from '../cli/settingFlags.ts';

export type TrialSettings = Readonly<Record<string, unknown>>;

/** Values of a setting to choose from. */
export interface Choices {
  readonly kind: 'choices';
  readonly name: string;
  readonly values: readonly unknown[];
}

/** All values of a setting between two, both included. */
export interface Range {
  readonly kind: 'range';
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** Wide ranges are searched by their logarithm: as many values from 1e-4 to 1e-3 as from 1e-3 to 1e-2. */
  readonly scale: 'linear' | 'logarithmic';
  /** True if the setting takes whole numbers only. */
  readonly whole: boolean;
}

export type Dimension = Choices | Range;

/** Ratio of the ends from which on a range is searched by its logarithm. */
const LOGARITHMIC_FROM = 10;

/** Settings that trials must share, each with the reason. */
const SHARED: Readonly<Record<string, string>> = {
  epochs: 'it is what trials are cut short in; --set epochs=... is the most that any may train',
  patience: 'trials are cut short by each other; --set patience=... holds for all',
  validationShare: 'trials are compared on the same validation rows; --set validationShare=... holds for all',
  testShare: 'trials are compared on the same validation rows; --set testShare=... holds for all',
  checkpointEvery: 'it changes no result',
  weightType: 'it changes what is stored after training; --set weightType=... holds for the best',
};

/**
 * Parses dimensions: `key=value,value` or `key=low..high`. A list is one value in brackets: `hidden=[64],[128,64]`.
 * @throws {InputError} for a dimension that cannot be read, is given twice or cannot be searched, or for values that
 * the setting does not take.
 */
export function parseSpace(
  texts: readonly string[],
  variant: VariantChoice,
  settings: TrialSettings,
): Dimension[] {
  const dimensions = texts.map((text) => parseDimension(text, variant, settings));
  dimensions.forEach(({ name }, i) => {
    if (dimensions.findIndex((each) => each.name === name) < i)
      throw new InputError(`--space: expected each setting once, received '${name}' twice`);
  });
  return dimensions;
}

function parseDimension(text: string, variant: VariantChoice, settings: TrialSettings): Dimension {
  const at = text.indexOf('=');
  if (at < 1) throw new InputError(`--space: expected key=value,value or key=low..high, received '${text}'`);
  const [name, values] = [text.slice(0, at), text.slice(at + 1)];
  if (Object.hasOwn(SHARED, name))
    throw new InputError(`--space: '${name}' cannot be searched: ${SHARED[name]}`);
  const accepts = (value: unknown) => resolve(variant, settings, name, value);
  const ends = values.split('..');
  if (ends.length === 2) return rangeOf(name, text, ends, accepts);
  const choices = values.split(/,(?![^[]*\])/).map((each) => accepts(parseValue(each, '--space')));
  return { kind: 'choices', name, values: choices };
}

function rangeOf(
  name: string,
  text: string,
  ends: readonly string[],
  accepts: (value: unknown) => unknown,
): Range {
  const [low, high] = ends.map(Number) as [number, number];
  if (ends.includes('') || !(low < high) || !Number.isFinite(high))
    throw new InputError(
      `--space: expected ${name}=low..high, two numbers of which the first is lower, received '${text}'`,
    );
  for (const end of [low, high]) accepts(end);
  const scale = low > 0 && high / low >= LOGARITHMIC_FROM ? 'logarithmic' : 'linear';
  return { kind: 'range', name, low, high, scale, whole: !isAccepted(accepts, (low + high) / 2 + 1e-3) };
}

function isAccepted(accepts: (value: unknown) => unknown, value: number): boolean {
  try {
    accepts(value);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Checks a value against the settings, and returns it as they have it. @throws {InputError} if they do not take it. */
function resolve(variant: VariantChoice, settings: TrialSettings, name: string, value: unknown): unknown {
  const given = { ...settings, [name]: value };
  try {
    const { model, training, optimizer } = resolveSettings(variant, given);
    return { ...model, ...training, ...optimizer }[name];
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`--space: ${cause.message}`, { cause: cause.cause });
  }
}

/** Returns the value at a place in [0, 1): numbers of a range have three significant digits, to be typed again. */
export function valueAt(dimension: Dimension, place: number): unknown {
  if (dimension.kind === 'choices') return dimension.values[Math.floor(place * dimension.values.length)];
  const { low, high, scale, whole } = dimension;
  if (whole && scale === 'linear') return low + Math.floor(place * (high - low + 1));
  const value = scale === 'logarithmic' ? low * (high / low) ** place : low + (high - low) * place;
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(3));
  return Math.min(high, Math.max(low, rounded));
}

/** Returns the place of a value in [0, 1], to draw it; undefined if it is outside. */
export function placeOf(dimension: Dimension, value: unknown): number | undefined {
  if (dimension.kind === 'choices') {
    const { values } = dimension;
    const at = values.findIndex((each) => JSON.stringify(each) === JSON.stringify(value));
    return at < 0 ? undefined : values.length === 1 ? 0.5 : at / (values.length - 1);
  }
  const { low, high, scale } = dimension;
  if (typeof value !== 'number' || value < low || value > high) return undefined;
  return scale === 'logarithmic'
    ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low);
}

/** Returns a space with the given settings in it: with further choices and wider ranges where they are outside. */
export function widened(
  space: readonly string[],
  variant: VariantChoice,
  settings: TrialSettings,
  own: TrialSettings,
): string[] {
  return parseSpace(space, variant, settings).map((dimension, i) => {
    const text = space[i]!;
    const value = own[dimension.name];
    if (value === undefined || value === null || placeOf(dimension, value) !== undefined) return text;
    if (dimension.kind === 'choices') return `${text},${valueText(value)}`;
    if (typeof value !== 'number') return text;
    return `${dimension.name}=${Math.min(dimension.low, value)}..${Math.max(dimension.high, value)}`;
  });
}

/** Returns the values that settings have in the dimensions; undefined if one is outside the space. */
export function withinSpace(
  dimensions: readonly Dimension[],
  settings: TrialSettings,
): TrialSettings | undefined {
  if (!dimensions.every((each) => placeOf(each, settings[each.name]) !== undefined)) return undefined;
  return Object.fromEntries(dimensions.map(({ name }) => [name, settings[name]]));
}

/** A text that is the same for the same settings. */
export function keyOf(settings: TrialSettings): string {
  return JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** `learningRate=0.003 hidden=[64]`, as `--set` takes them. */
export function settingsText(settings: TrialSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(' ');
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
