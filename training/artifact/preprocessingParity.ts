/** Preprocessing parity: preprocessing in the graph must match that of the training rows. */
import { GateError } from '../../shared/errors.ts';
import type { Rows } from '../../shared/tensor.ts';
import { openNative } from '../engines/inference.ts';
import type { RawRows } from '../preprocess/preprocessing.ts';
import { compareValues, type Difference, worse } from './differences.ts';
import { openErrorTerms } from './errorTerms.ts';
import type { ExportedGraphs } from './exportGraphs.ts';
import { fedBatches } from './parity.ts';

const BATCH = 1024;

/**
 * Compares encoder and autoencoder with preprocessing (`whole`) on raw rows to those without (`core`) on the
 * same rows, encoded.
 * @throws {GateError} if a code or an error differs by more than `tolerance` (times the largest magnitude of its values
 * or of the terms of errors, if above 1).
 */
export async function requireSameAnswers(
  whole: { readonly graphs: ExportedGraphs; readonly rows: RawRows },
  core: { readonly graphs: ExportedGraphs; readonly rows: Rows },
  tolerance: number,
): Promise<void> {
  for (const [graph, outputs] of [
    ['encoder', core.graphs.encoder.outputs.map(({ name }) => name)],
    ['autoencoder', ['error']],
  ] as const) {
    const [own, alone] = [
      await openNative(whole.graphs[graph].model),
      await openNative(core.graphs[graph].model),
    ];
    const terms = await openErrorTerms(core.graphs[graph].model);
    const raw = whole.rows(core.rows.rowCount, BATCH)[Symbol.iterator]();
    const differences = new Map<string, Difference>();
    for (const batch of fedBatches(core.rows, BATCH)) {
      const [expected, actual] = [await alone.runTensors(batch), await own.runTensors(raw.next().value!)];
      const ofErrors = await terms.of(batch);
      for (const output of outputs) {
        const here = compareValues(expected[output]!, actual[output]!, ofErrors[output]);
        differences.set(output, worse(differences.get(output), here));
      }
    }
    for (const each of [own, alone, terms]) await each.release();
    for (const [output, { difference, magnitude }] of differences) {
      if (difference <= tolerance * Math.max(1, magnitude)) continue;
      throw new GateError(
        `preprocessing: '${output}' of ${graph}.onnx for raw rows differs from the output for the same rows, encoded as in training: expected a difference of at most ${tolerance} of the largest value or term (${magnitude}), received ${difference}`,
      );
    }
  }
}
