/** Graphs that are legal or nearly so, and unlike what exporters write. */
import { BATCHES } from './odd/batches.ts';
import type { OddGraph } from './odd/oddGraph.ts';
import { STRUCTURES } from './odd/structure.ts';
import { TENSORS } from './odd/tensors.ts';

export const ODD_GRAPHS: readonly OddGraph[] = [...BATCHES, ...TENSORS, ...STRUCTURES];
