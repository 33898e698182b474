import type { OPERATIONS } from '../../../edge/operations/registry.ts';
import { graphEntries, type Manifest } from '../../../shared/manifest.ts';
import { kib } from '../../cli/kib.ts';
import { readWorkerSettings } from '../../worker/wranglerToml.ts';
import type { VersionGate } from './gate.ts';

/** A setting that makes a model smaller. */
const SMALLER = '--set weightType=float16';

/** Ensures that the Worker can load the challenger. */
export const budget: VersionGate = {
  acceptable: false,
  remedy:
    'raise MAX_MODEL_BYTES or MODEL_CACHE_BYTES in wrangler.toml, or train with --set weightType=int8, which quarters graphs, or weightType=float16, which halves them',
  remedyFlags: SMALLER,
  summary:
    'no graph exceeds MAX_MODEL_BYTES, and those of each operation fit into MODEL_CACHE_BYTES together (wrangler.toml)',
  judge: async ({ challenger }) => {
    // Before a gate is asked, only its name is needed.
    const [{ readModelSettings }, { OPERATIONS: operations }] = await Promise.all([
      import('../../../edge/models/modelSettings.ts'),
      import('../../../edge/operations/registry.ts'),
    ]);
    const { maxGraphBytes: most, cacheBytes: cache } = readModelSettings((await readWorkerSettings()).vars);
    const largest = Math.max(...graphEntries(challenger.graphs).map(([, { bytes }]) => bytes));
    const operation = largestOperation(challenger, operations);
    const passed = largest <= most && operation.bytes <= cache;
    const advice = passed ? inTurns(neededBytes(challenger, operations), cache) : '';
    return {
      passed,
      figures: [
        `largest graph ${kib(largest)}, limit ${kib(most)}; `,
        `graphs of ${operation.name} ${kib(operation.bytes)}, limit ${kib(cache)}${advice}`,
      ].join(''),
    };
  },
};

/** Bytes of all graphs that requests can need. */
function neededBytes({ operations, graphs }: Manifest, known: typeof OPERATIONS): number {
  const needed = new Set(operations.flatMap((name) => known[name].graphs));
  return [...needed].reduce((sum, graph) => sum + (graphs[graph]?.bytes ?? 0), 0);
}

/** The operation whose graphs take the most memory. */
function largestOperation(
  { operations, graphs }: Manifest,
  known: typeof OPERATIONS,
): {
  readonly name: string;
  readonly bytes: number;
} {
  const each = operations.map((name) => ({
    name,
    bytes: known[name].graphs.reduce((sum, graph) => sum + (graphs[graph]?.bytes ?? 0), 0),
  }));
  return each.reduce((most, one) => (one.bytes > most.bytes ? one : most), {
    name: 'any operation',
    bytes: 0,
  });
}

/** A warning if not all graphs can be loaded at the same time; empty otherwise. */
function inTurns(needed: number, cache: number): string {
  if (needed <= cache) return '';
  return `; those of all operations have ${kib(needed)}, so requests to several operations in turn load graphs again: ${SMALLER}, or raise MODEL_CACHE_BYTES in wrangler.toml`;
}
