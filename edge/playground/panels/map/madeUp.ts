/** Rows that the page makes up, to have something on the map where there are no training rows. */

import type { ModelDescription } from '../../../../shared/api.ts';
import type { CodeMap } from '../../../../shared/mapFile.ts';
import { random } from '../../../../shared/random.ts';
import { type ImageShape, imageShape, kindOf, offers } from '../../model.ts';
import type { BodyOf, Service } from '../../service.ts';
import { EXAMPLES, example } from '../../ui/brushes.ts';
import { anyRow, columnsOf } from '../table/columns.ts';
import { coordinatesOf } from './coordinates.ts';

export type Rows = BodyOf<'reduce'>['rows'];

interface MadeUp {
  /** What the rows are, as the beginning of a sentence. */
  readonly what: string;
  readonly rows: Rows;
  /** What each row shows, in as many equal parts of the rows as there are names. */
  readonly labels?: readonly string[];
}

const SAMPLES = 400;
const MADE_UP = 200;
/** Items that are shown, each as somebody who has nothing else. */
const ITEMS = 60;

/** Returns made-up rows as a map: samples of the model if it draws any. */
export async function madeUpMap(
  model: ModelDescription,
  reference: string,
  service: Service,
): Promise<{ readonly what: string; readonly map: CodeMap }> {
  const { what, rows, labels } = offers(model, 'sample')
    ? await sampled(model, reference, service)
    : madeUp(model);
  const coordinates = await coordinatesOf(model, reference, rows, service);
  const stored = Float32Array.from(rows.flatMap((row) => (Array.isArray(row) ? row.map(Number) : [])));
  const width = stored.length / rows.length;
  const isStored = width > 0 && kindOf(model) !== 'items';
  const map: CodeMap = {
    of: 0,
    columns: labels === undefined ? [] : [{ name: 'label', role: 'label', categories: labels }],
    coordinates,
    ids: Uint32Array.from(rows.keys()),
    values:
      labels === undefined
        ? []
        : [Float32Array.from(rows, (_, i) => Math.floor((i * labels.length) / rows.length))],
    rows: isStored ? { count: rows.length, width, type: 'float32', low: 0, high: 1 } : null,
    stored: isStored ? stored : new Float32Array(),
  };
  return { what, map };
}

async function sampled(model: ModelDescription, reference: string, { run }: Service): Promise<MadeUp> {
  const labels = model.condition?.labels;
  const call = { model: reference, operation: 'sample' } as const;
  if (labels === undefined) {
    const { rows } = await run({ ...call, body: { n: SAMPLES, seed: 1 } });
    return { what: `${rows.length} samples that the model drew`, rows };
  }
  const each = Math.ceil(SAMPLES / labels.length);
  const drawn = await Promise.all(
    labels.map(async (_, label) => {
      const { rows } = await run({ ...call, body: { n: each, seed: 1, label } });
      return rows.map((row) => [...row, ...labels.map((_, i) => (i === label ? 1 : 0))]);
    }),
  );
  return { what: `${each} samples of each label that the model drew`, rows: drawn.flat(), labels };
}

function madeUp(model: ModelDescription): MadeUp {
  const { count, statistics } = model.features;
  const source = random(1, 'playground');
  const uniform = () => source.uniform();
  const shape = imageShape(model);
  switch (kindOf(model)) {
    case 'images': {
      const condition = new Array<number>(count - shape!.height * shape!.width * shape!.channels).fill(0);
      const drawn = EXAMPLES.flatMap((name) => around(example(name, shape!), shape!));
      return {
        what: `${drawn.length} drawings of four digits`,
        rows: drawn.map((row) => [...row, ...condition]),
        labels: EXAMPLES,
      };
    }
    case 'items': {
      const order = [...statistics.mean.keys()].sort(
        (a, b) => (statistics.mean[b] ?? 0) - (statistics.mean[a] ?? 0),
      );
      const rows = order
        .slice(0, ITEMS)
        .map((item) => Array.from({ length: count }, (_, i) => (i === item ? 1 : 0)));
      return { what: `${rows.length} made-up users who have one of the most popular items`, rows };
    }
    case 'table': {
      const columns = columnsOf(model);
      const rows = Array.from({ length: MADE_UP }, () => anyRow(columns, uniform));
      return { what: `${MADE_UP} rows of random values`, rows };
    }
    case 'series': {
      const { mean, standardDeviation: spread } = statistics;
      const rows = Array.from({ length: MADE_UP }, () => {
        const [shift, scale] = [2 * uniform() - 1, 0.5 + uniform()];
        return mean.map((value, i) => (value ?? 0) * scale + shift * (spread[i] ?? 0));
      });
      return { what: `${MADE_UP} variations of the mean row`, rows };
    }
  }
}

/** The same drawing, moved by up to two pixels each way. */
function around(row: readonly number[], { width, channels, isChannelsFirst }: ImageShape): number[][] {
  const pixel = isChannelsFirst ? 1 : channels;
  const moves = [-2, 0, 2];
  return moves.flatMap((right) =>
    moves.map((down) => row.map((_, i) => row[i - (right + down * width) * pixel] ?? row[0]!)),
  );
}
