import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { permutation, random } from '../../shared/random.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { takeRows } from '../data/batches.ts';
import type { Dataset } from '../data/dataset.ts';
import { readTable } from '../data/read.ts';
import { numbersOf, type Table } from '../data/table.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

export const ecg: Recipe<'undercomplete'> = {
  name: 'ecg',
  why: 'alarms for abnormal heartbeats, trained on normal ones (--data FOLDER of ECG5000, UCR archive)',
  variant: 'undercomplete',
  settings: {
    hidden: [64],
    codeSize: 8, // normal beats have few degrees of freedom; wider codes reconstruct abnormal beats too
    batchSize: 16, // only 263 training rows
    epochs: 60,
  },
  data: async (path = published('ecg5000')) => {
    const { train, test } = await heartbeats(path);
    const known = normal(train);
    return {
      ...known,
      test: test.rows,
      labels: {
        name: 'beat',
        classes: CLASSES,
        anomalous: ['abnormal'],
        rows: known.labels.rows,
        test: test.labels,
      },
    };
  },
};

const CLASSES = ['normal', 'abnormal'] as const;

interface Heartbeats {
  readonly source: string;
  readonly rows: Matrix;
  /** 0 for normal, 1 for abnormal. */
  readonly labels: Uint8Array;
}

/** Reads both files of the archive, gzipped or not: each line holds a class (1 is normal) and 140 steps. */
export async function heartbeats(folder: string): Promise<Record<'train' | 'test', Heartbeats>> {
  const read = async (part: string) => {
    const file = `ECG5000_${part}.txt`;
    const path = [file, `${file}.gz`].map((each) => join(folder, each)).find(existsSync);
    if (path !== undefined) return beatsOf(await readTable(path));
    throw new InputError(
      `${folder}: expected a folder with ${file} or ${file}.gz, as the UCR archive has them`,
    );
  };
  return { train: await read('TRAIN'), test: shuffled(await read('TEST')) };
}

/** Shuffles the test rows: the file is sorted by class, and a report shows only the first rows. */
function shuffled({ source, rows, labels }: Heartbeats): Heartbeats {
  const order = permutation(rows.rowCount, random(1, 'heartbeats'));
  return { source, rows: takeRows(rows, order), labels: labels.map((_, row) => labels[order[row]!]!) };
}

function beatsOf({ source, rowCount, columns }: Table): Heartbeats {
  const [classes, ...steps] = columns.map(numbersOf);
  const data = new Float32Array(rowCount * steps.length);
  steps.forEach((values, step) => {
    for (let row = 0; row < rowCount; row++) data[row * steps.length + step] = values[row]!;
  });
  const labels = Uint8Array.from(classes!, (label) => Number(label !== 1));
  return { source, rows: { data, rowCount, width: steps.length }, labels };
}

/** Selects the normal heartbeats. */
export function normal({ source, rows, labels }: Heartbeats) {
  const { width } = rows;
  const data = rows.data.filter((_, i) => labels[Math.floor(i / width)] === 0);
  const rowCount = data.length / width;
  return {
    source,
    rowShape: [width],
    featureNames: null,
    rows: { data, rowCount, width },
    labels: { rows: new Uint8Array(rowCount) },
  } satisfies Omit<Dataset, 'labels'> & { labels: object };
}
