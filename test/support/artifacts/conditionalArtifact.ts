/** A variational model whose decoder takes a label: its rows are those of the linear one, and as much more as the label says. */
import type { Artifact } from '../../../training/artifact/artifact.ts';
import { add } from '../../../training/graph/ops/arithmetic.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import type { Value } from '../../../training/graph/types.ts';
import { constant, input } from '../../../training/graph/value.ts';
import { graphArtifact } from './graphArtifact.ts';
import { CODE_SIZE, FEATURES } from './linearArtifact.ts';

export const CONDITIONAL = { labels: ['blue', 'red', 'green'] };

/** `[2, 6]` and, for each label, `[6]`. */
const WEIGHT = Array.from({ length: CODE_SIZE * FEATURES }, (_, i) => (i % 5) / 4);
const BY_LABEL = CONDITIONAL.labels.map((_, label) =>
  Array.from({ length: FEATURES }, (_, i) => 10 * label + i),
);

export function conditionalArtifact(): Artifact {
  const code = input('code', ['N', CODE_SIZE]);
  const condition = input('condition', ['N', CONDITIONAL.labels.length]);
  const rows = input('rows', ['N', FEATURES]);
  const mean = gemm(rows, matrix(new Array(FEATURES * CODE_SIZE).fill(0.5), FEATURES));
  const reconstruction = add(
    gemm(code, matrix(WEIGHT, CODE_SIZE)),
    gemm(condition, matrix(BY_LABEL.flat(), CONDITIONAL.labels.length)),
  );
  return graphArtifact(
    'conditional',
    {
      decoder: { inputs: [code, condition], outputs: { reconstruction } },
      encoder: { inputs: [rows], outputs: { mean, log_variance: add(mean, mean) } },
    },
    () => ({
      condition: { size: CONDITIONAL.labels.length, labels: [...CONDITIONAL.labels] },
      operations: ['encode', 'decode', 'sample', 'interpolate', 'traverse'],
    }),
  );
}

/** What it decodes of codes under a label each. */
export function expectedConditional(
  codes: readonly (readonly number[])[],
  labels: readonly string[],
): number[][] {
  return codes.map((code, row) => {
    const label = CONDITIONAL.labels.indexOf(labels[row]!);
    return Array.from({ length: FEATURES }, (_, column) =>
      code.reduce((sum, value, k) => sum + value * WEIGHT[k * FEATURES + column]!, BY_LABEL[label]![column]!),
    );
  });
}

/** What it encodes: half the sum of a row, twice. */
export function expectedMean(row: readonly number[]): number[] {
  return new Array(CODE_SIZE).fill(row.reduce((sum, value) => sum + value, 0) / 2);
}

function matrix(data: readonly number[], rows: number): Value {
  return constant({ dtype: 'float32', data: Float32Array.from(data), shape: [rows, data.length / rows] });
}
