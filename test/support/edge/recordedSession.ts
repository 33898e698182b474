/** A session of the fixture's encoder that remembers what it was asked to run. */
import type { Session } from '../../../edge/runtime/session.ts';
import type { Tensors } from '../../../shared/tensor.ts';
import { CODE_SIZE } from '../artifacts/linearArtifact.ts';

/** @param run Returns the codes of a number of rows. */
export function recordedSession(run: (rows: number) => Float32Array<ArrayBuffer>) {
  const runs: Tensors[] = [];
  const session: Session = {
    inputNames: ['rows'],
    outputNames: ['code'],
    run: async (inputs, outputs) => {
      runs.push(inputs);
      const rows = inputs.rows!.shape[0]!;
      const code = { dtype: 'float32', shape: [rows, CODE_SIZE], data: run(rows) } as const;
      return Object.fromEntries(outputs.map((name) => [name, code])) as never;
    },
    release: async () => undefined,
  };
  return { session, runs };
}
