/** Every comparison, by the name that `npm run experiments -- --only <name>` takes. */
import { adbench } from './adbench.ts';
import { coldIsolates, jobCapacity } from './capacity.ts';
import { codeDivergences, residualLevels } from './codes.ts';
import type { Comparison } from './comparison.ts';
import { ecg, ecgForecasts } from './ecg.ts';
import { elsaCompressed } from './elsaCompressed.ts';
import { embeddingPrefixes } from './embeddingPrefixes.ts';
import { embeddings } from './embeddings.ts';
import { movies } from './movies.ts';

export const COMPARISONS = {
  adbench,
  embeddings,
  'embedding-prefixes': embeddingPrefixes,
  'movies-comparison': movies,
  'elsa-compressed': elsaCompressed,
  'ecg-comparison': ecg,
  'ecg-forecast-comparison': ecgForecasts,
  'code-divergences': codeDivergences,
  'residual-levels': residualLevels,
  'job-capacity': jobCapacity,
  'cold-isolates': coldIsolates,
} as const satisfies Record<string, Comparison>;

export type ComparisonName = keyof typeof COMPARISONS;
