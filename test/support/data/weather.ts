/** Tables in the form of the recipe `rain`, small enough to train on in a second. */
import { writeFileSync } from 'node:fs';
import { permutation, random } from '../../../shared/random.ts';

const WIDTH = 6;

/** Rows near a bent line, which one number describes and one principal component does not. */
export function weatherRows(seed: number, rowCount = 1200): string[][] {
  const source = random(seed, 'weather');
  return Array.from({ length: rowCount }, () => {
    const t = 3 * source.uniform();
    const numbers = Array.from(
      { length: WIDTH },
      (_, i) => 20 + 10 * Math.sin(t + i) + 0.5 * source.uniform(),
    );
    return [...numbers.map((value) => value.toFixed(4)), t + 0.3 * source.uniform() > 2 ? 'Yes' : 'No'];
  });
}

/** Ways in which a table is no longer what it was. */
export const POISONS: Readonly<Record<string, (rows: readonly (readonly string[])[]) => string[][]>> = {
  'columns whose values were shuffled': (rows) => {
    const orders = Array.from({ length: WIDTH }, (_, i) => permutation(rows.length, random(i, 'poison')));
    return rows.map((row, r) => row.map((value, c) => (c < WIDTH ? rows[orders[c]![r]!]![c]! : value)));
  },
  'columns that changed places': (rows) => rows.map((row) => [...row.slice(1, WIDTH), row[0]!, row[WIDTH]!]),
  'labels of one class': (rows) => rows.map((row) => [...row.slice(0, WIDTH), 'No']),
  'numbers that are missing': (rows) =>
    rows.map((row, r) => (r % 3 === 0 ? row.slice() : ['NaN', ...row.slice(1)])),
};

export function writeWeather(path: string, rows: readonly (readonly string[])[]): string {
  const header = [...Array.from({ length: WIDTH }, (_, i) => `Temp${i}`), 'RainTomorrow'];
  writeFileSync(path, [header, ...rows].map((row) => row.join(',')).join('\n'));
  return path;
}

/** For a network that learns them in a second. */
export const WEATHER_SETTINGS = [
  'hidden=[16]',
  'codeSize=1',
  'epochs=25',
  'batchSize=64',
  'learningRate=0.01',
];
