/** Sentence embeddings, divided into rows to search for and rows to search among, and models trained on them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Matrix } from '../../../../shared/tensor.ts';
import { firstRows, takeRows } from '../../../../training/data/batches.ts';
import { codesOf } from '../../../../training/evaluate/code.ts';
import { nearestTo, recallOf, type Search } from '../../../../training/evaluate/metrics/nearest.ts';
import { published } from '../../../../training/recipes/published.ts';
import { prepareRecipe } from '../../../cli/preparedRun.ts';
import { trainPrepared } from '../../../cli/training.ts';
import type { ComparedModel } from './comparison.ts';

/** Widths of codes. */
export const WIDTHS = [16, 32, 64, 128] as const;
export const WIDEST = 128;
/** Settings of one model whose prefixes are codes of every width. */
export const PREFIXES = WIDTHS.filter((width) => width < WIDEST);

/** The last rows are searched for among the others. */
const QUERIES = 2000;

/** A width, and the recall at it. */
export type Found = readonly [width: number, recall: number];

export interface Trained {
  readonly codes: Search;
  readonly seconds: number;
}

export interface EmbeddingTask {
  readonly search: Search;
  /** Recall@10 of a search by the first `width` values of the codes. */
  readonly recall: (codes: Search, width: number) => Promise<number>;
  /** Trains on the rows to search among, of which a share chooses the epoch; the exported graph encodes all rows. */
  readonly trained: (settings: object) => Promise<Trained>;
}

export async function embeddingTask(): Promise<EmbeddingTask> {
  const run = { data: published('embeddings/minilm-wordnet.npy'), engine: 'onnxruntime', seed: 1, set: [] };
  const prepared = await prepareRecipe('embeddings', { ...run, out: '' });
  const { queries, indexed } = searchIn(prepared.data.rows as Matrix);
  const search = { queries, indexed };
  const nearest = await nearestTo(search);
  return {
    search,
    recall: async (codes, width) => recallOf(nearest, await nearestTo(codes, width)),
    trained: async (settings) => {
      const out = mkdtempSync(join(tmpdir(), 'latentedge-experiments-'));
      try {
        const data = { ...prepared.data, rows: indexed, test: queries };
        const own = { ...prepared, data, settings: { ...prepared.settings, ...settings } };
        const { artifact, seconds } = await trainPrepared(own, { ...run, out }, () => undefined);
        const encoder = { model: artifact.graphs.encoder, outputs: artifact.manifest.graphs.encoder.outputs };
        const codes = { queries: await codesOf(encoder, queries), indexed: await codesOf(encoder, indexed) };
        return { codes, seconds };
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    },
  };
}

/** Divides the rows into those that are searched for and those that they are searched among. */
function searchIn(rows: Matrix): Search {
  const indexed = firstRows(rows, rows.rowCount - QUERIES);
  const last = Uint32Array.from({ length: QUERIES }, (_, i) => indexed.rowCount + i);
  return { indexed, queries: takeRows(rows, last) };
}

export function figuresOf(found: readonly Found[]): ComparedModel['figures'] {
  return Object.fromEntries(found.map(([width, recall]) => [String(width), { mean: recall, error: 0 }]));
}

/** Prints the figures of a contender. */
export function reported(print: (line: string) => void, contender: ComparedModel): ComparedModel {
  const found = Object.entries(contender.figures).map(([width, { mean }]) => `${width} ${mean.toFixed(3)}`);
  print(`${contender.name}: ${found.join(', ')}`);
  return contender;
}
