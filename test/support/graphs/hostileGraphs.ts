/** Models that were made to break what reads them. */
import { FILES } from './hostile/files.ts';
import type { HostileGraph } from './hostile/hostileGraph.ts';
import { ODD_NAMES } from './hostile/names.ts';
import { SHAPES } from './hostile/shapes.ts';
import { STRUCTURE } from './hostile/structure.ts';
import { VALUES } from './hostile/values.ts';

export const HOSTILE_GRAPHS: readonly HostileGraph[] = [
  ...FILES,
  ...STRUCTURE,
  ...SHAPES,
  ...VALUES,
  ...ODD_NAMES,
];
