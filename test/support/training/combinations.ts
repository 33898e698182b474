/** Combinations of settings that belong to different classes, on tiny data, for the conformance tests. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import { type Artifact, readArtifact } from '../../../training/artifact/artifact.ts';
import { evaluateArtifact } from '../../../training/artifact/evaluateArtifact.ts';
import { rebuildReport } from '../../../training/artifact/reportFiles.ts';
import { fromRows } from '../../../training/data/rows.ts';
import type { VariantName } from '../../../training/models/registry.ts';
import type { PredictorName } from '../../../training/predictors/registry.ts';
import { train } from '../../../training/train.ts';

/** The values of each class; every pair of a value of one class with one of another is covered. */
export const CLASSES = {
  variant: [
    'undercomplete',
    'sequence',
    'variational',
    'denoising',
    'sparse',
    'contractive',
    'convolutional',
    'vector-quantized',
  ],
  missing: ['error', 'mask'],
  horizon: [0, 3],
  rowScore: ['error', 'joint', 'ensemble'],
  weightType: ['float32', 'float16', 'int8'],
  predictor: ['none', 'ridge', 'svr', 'logistic'],
  normalization: ['none', 'batch', 'layer'],
} as const satisfies Record<string, readonly (string | number)[]>;

export type Combination = { readonly [Name in keyof typeof CLASSES]: (typeof CLASSES)[Name][number] };

/** Every combination of settings that the variant has. */
export function allCombinations(): Combination[] {
  let made: Record<string, string | number>[] = [{}];
  for (const [name, values] of Object.entries(CLASSES)) {
    made = made.flatMap((each) => values.map((value) => ({ ...each, [name]: value })));
  }
  return (made as unknown as Combination[]).filter(({ variant, horizon, normalization }) =>
    variant === 'sequence'
      ? normalization === 'none'
      : horizon === 0 && !(variant === 'contractive' && normalization === 'batch'),
  );
}

/** Few combinations that contain every pair of values that occurs in any, chosen greedily. */
export function coveringCombinations(): Combination[] {
  const pairsOf = (combination: Combination) => {
    const values = Object.entries(combination).map((each) => each.join('='));
    return values.flatMap((one, i) => values.slice(i + 1).map((other) => `${one} ${other}`));
  };
  const rest = allCombinations().map((combination) => ({ combination, pairs: pairsOf(combination) }));
  const open = new Set(rest.flatMap(({ pairs }) => pairs));
  const chosen: Combination[] = [];
  while (open.size > 0) {
    const gain = ({ pairs }: (typeof rest)[number]) => pairs.filter((pair) => open.has(pair)).length;
    const best = rest.reduce((left, right) => (gain(right) > gain(left) ? right : left));
    chosen.push(best.combination);
    for (const pair of best.pairs) open.delete(pair);
  }
  return chosen;
}

const [ROWS, STEPS] = [120, 8];
/** Shape of the rows for the variant that takes images. */
const IMAGE = [2, 4];

/** Waves; with `missing`, one value in nine is not there. */
function waves(missing: boolean): (number | null)[][] {
  const noise = random(7, 'waves');
  return Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: STEPS }, (_, step) =>
      missing && (row + step) % 9 === 0
        ? null
        : 0.5 + 0.4 * Math.sin(row / 3 + step / 2) + 0.05 * noise.uniform(),
    ),
  );
}

export interface Conforming {
  readonly artifact: Artifact;
  readonly metrics: Readonly<Record<string, number>>;
  /** The report, drawn again from the artifact, without its scripts. */
  readonly report: string;
}

/**
 * Trains, packages, reads, evaluates and reports. Returns the results, or the reason why the settings were
 * refused before any training.
 */
export async function conforms(
  { variant, missing, horizon, rowScore, weightType, predictor, normalization }: Combination,
  out: string,
  name = 'waves',
): Promise<Conforming | { refused: string }> {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const data = {
    ...fromRows(waves(missing === 'mask'), undefined, { missing }),
    ...(variant === 'convolutional' && { rowShape: IMAGE }),
    ...(predictor === 'logistic'
      ? { labels: { classes: ['even', 'odd'], rows: rows.map((row) => row % 2) } }
      : { target: { name: 'amount', rows: Float64Array.from(rows, (row) => Math.sin(row / 3)) } }),
  };
  const sizes = variant === 'sequence' ? { units: 4 } : { hidden: [6] };
  let hasStarted = false;
  try {
    const { artifact } = await train<VariantName>({
      name,
      variant,
      data,
      out,
      threads: 1,
      // Two epochs are too few to beat the mean.
      force: true,
      ...(predictor !== 'none' && { predictor: predictor as PredictorName }),
      settings: {
        ...sizes,
        ...(missing === 'mask' && { missing }),
        ...(horizon > 0 && { horizon }),
        ...(normalization !== 'none' && { normalization }),
        ...{
          codeSize: variant === 'vector-quantized' ? 4 : 2,
          epochs: 2,
          batchSize: 32,
          rowScore,
          weightType,
          weightTolerance: 1,
        },
      } as object,
      onStart: () => {
        hasStarted = true;
      },
    });
    const read = await readArtifact(artifact.directory);
    const { metrics } = await evaluateArtifact(read, data, 'heldOut');
    const report = await readFile(await rebuildReport(artifact.directory), 'utf8');
    return { artifact: read, metrics, report: report.replace(/<script>.*?<\/script>/gs, '') };
  } catch (error) {
    if (error instanceof InputError && !hasStarted) return { refused: error.message };
    throw error;
  }
}

/** Sections that every report of rows has. */
const SECTIONS = ['numbers', 'reconstructions', 'learning', 'baselines', 'impostors', 'errors', 'facts'];

/** Expects finite metrics, and a report with its sections in which no figure is missing. */
export function expectSound({ metrics, report }: Conforming): void {
  for (const value of Object.values(metrics)) expect(value).toSatisfy(Number.isFinite);
  const sections = Array.from(report.matchAll(/<section id="(\w+)"/g), ([, id]) => id);
  expect(sections).toEqual(expect.arrayContaining(SECTIONS));
  // Compared as a match, since reports are too long to print.
  expect(/NaN|undefined|Infinity/.exec(report)?.[0]).toBeUndefined();
}
