/** Small data in the form in which the data of each recipe is published. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Random, random } from '../../../shared/random.ts';

/** Writes all of it into a folder that `LATENTEDGE_DATA` can name. */
export function writePublishedLike(root: string): void {
  const source = random(8, 'published');
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), path.endsWith('.gz') ? gzipSync(content) : content);
  };
  for (const [part, count] of [
    ['train', 40],
    ['t10k', 10],
  ] as const) {
    write(
      `mnist/${part}-images-idx3-ubyte.gz`,
      idx([count, 28, 28], () => source.integer(256)),
    );
    write(
      `mnist/${part}-labels-idx1-ubyte.gz`,
      idx([count], (i) => i % 10),
    );
  }
  write('rain/weatherAUS.csv.gz', weather(source));
  write('make-regression/data.csv', regression(source));
  const rows = Array.from({ length: 60 }, (_, i) => i);
  write('make-regression/split.json', JSON.stringify({ train: rows.slice(20), test: rows.slice(0, 20) }));
  write('movielens-small/ratings.csv', ratings());
  write('movielens-small/movies.csv', 'movieId,title\n1,"One, The (1994)"\n2,Two (1995)\n');
  write('ecg5000/ECG5000_TRAIN.txt', heartbeats(source, 30));
  write('ecg5000/ECG5000_TEST.txt.gz', heartbeats(source, 50));
  write('anomaly/cardio.csv', anomalies(source));
}

function idx(shape: readonly number[], value: (i: number) => number): Uint8Array {
  const size = shape.reduce((product, each) => product * each, 1);
  const sizes = shape.flatMap((each) => [0, 0, 0, each]);
  return Uint8Array.from([
    0,
    0,
    8,
    shape.length,
    ...sizes,
    ...Array.from({ length: size }, (_, i) => value(i)),
  ]);
}

function csv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows].map((row) => row.join(',')).join('\n');
}

/** Days with numbers, directions of the wind and gaps. */
function weather(source: Random): string {
  const rows = Array.from({ length: 300 }, (_, day) => {
    const warmth = source.uniform();
    return [
      `2016-${String(1 + (day % 12)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}`,
      ['Albury', 'Cobar', 'Perth'][day % 3]!,
      day % 50 === 0 ? 'NA' : (30 * warmth).toFixed(1),
      (20 * warmth + source.uniform()).toFixed(1),
      (100 - 80 * warmth + source.uniform()).toFixed(1),
      ['N', 'SW', 'E', 'NA'][source.integer(4)]!,
      day % 40 === 0 ? 'NA' : day % 3 === 0 ? 'Yes' : 'No',
      warmth < 0.3 ? 'Yes' : 'No',
    ];
  });
  const names = ['Date', 'Location', 'MaxTemp', 'MinTemp', 'Humidity9am', 'WindDir9am', 'RainToday'];
  return csv([...names, 'RainTomorrow'], rows);
}

function regression(source: Random): string {
  const rows = Array.from({ length: 60 }, () => {
    const values = Array.from({ length: 5 }, () => source.uniform());
    return [...values, 3 * values[0]! - values[1]!];
  });
  return csv(['x0', 'x1', 'x2', 'x3', 'x4', 'y'], rows);
}

/** 40 users who each liked six of twenty films, and one film that nobody did. */
function ratings(): string {
  const liked = Array.from({ length: 240 }, (_, i) => [
    i % 40,
    1 + ((7 * Math.floor(i / 40) + i) % 20),
    5,
    i,
  ]);
  return csv(['userId', 'movieId', 'rating', 'timestamp'], [...liked, [0, 99, 1, 240]]);
}

/** Lines of a class and 140 steps; class 1 is normal. */
function heartbeats(source: Random, count: number): string {
  return Array.from({ length: count }, (_, beat) => {
    const label = beat % 3 === 0 ? 2 : 1;
    const steps = Array.from({ length: 140 }, (_, i) => Math.sin((label * i) / 20) + 0.1 * source.uniform());
    return [label, ...steps].map((value) => value.toExponential(6)).join('  ');
  }).join('\n');
}

function anomalies(source: Random): string {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const isAnomaly = Number(i % 20 === 0);
    return [source.uniform() + 3 * isAnomaly, source.uniform(), source.uniform() - isAnomaly, isAnomaly];
  });
  return csv(['a', 'b', 'c', 'y'], rows);
}
