/** Operations of the API in this process, by onnxruntime-node: the same code that answers requests. */
import { detailInFile, type RowAnswers } from '../../edge/requests/answerLines.ts';
import type { Answer, RowsOperation, RunningModel } from '../../edge/requests/operation.ts';
import { partial } from '../../edge/requests/partial.ts';
import { batchOf } from '../../edge/requests/readRows.ts';
import { type RefuseRow, rowFaults } from '../../edge/requests/rows/faults.ts';
import { packJsonRows } from '../../edge/requests/rows/json.ts';
import { layoutOf } from '../../edge/requests/rows/layout.ts';
import { unseenCategories } from '../../edge/requests/rows/unseen.ts';
import { refuseNotFinite } from '../../edge/requests/running.ts';
import type { GraphName } from '../../shared/manifest.ts';
import { matrixOf, type NumberTensor } from '../../shared/tensor.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { type InferenceModel, openNative } from '../../training/engines/inference.ts';

export interface OfflineModel {
  /** Answers rows, each a list of values in the order of the features; the first is `start` in messages. */
  readonly answer: (rows: readonly (readonly unknown[])[], start: number) => Promise<RowAnswers>;
  readonly release: () => Promise<void>;
}

/** Opens a model for an operation that answers each row by itself. */
export function offlineModel(artifact: Artifact, operation: RowsOperation, query: unknown): OfflineModel {
  const { manifest } = artifact;
  const layout = layoutOf(manifest, operation.graphs[0], operation.takes);
  const sessions = new Map<GraphName, Promise<InferenceModel>>();
  const opened = (graph: GraphName) => {
    const session = sessions.get(graph) ?? openNative(artifact.graphs[graph]!);
    sessions.set(graph, session);
    return session;
  };
  const running = (refuse: RefuseRow): RunningModel => ({
    manifest,
    run: async (graph, inputs, outputs, mayOverflow = []) => {
      const answers = await (await opened(graph)).runTensors(inputs);
      for (const output of outputs) {
        const tensor = answers[output]!;
        if (tensor.dtype === 'float32' && !mayOverflow.includes(output))
          refuseNotFinite(matrixOf(tensor), { start: 0, refuse });
      }
      return answers as Record<(typeof outputs)[number], NumberTensor>;
    },
  });
  return {
    answer: async (rows, start) => {
      const problems = new Map<number, string>();
      const faults = rowFaults();
      // Rows are counted from the start of the file, not of the batch.
      const refuse: RefuseRow = (row, problem) => {
        if (!faults.has(row)) problems.set(row, detailInFile(problem, row, start + row));
        faults.refuse(row, problem);
      };
      const inputs = packJsonRows(rows, layout, refuse);
      if (faults.count === rows.length) return { body: {}, problems };
      const batch = batchOf(operation, manifest, { inputs, body: undefined, faults }, rows.length);
      const made = await operation.run(running(refuse), batch.inputs, query);
      const { body }: Answer<unknown> = partial(operation, made, faults.within(0, rows.length));
      const unseen = unseenCategories(manifest, layout, batch, 0, Number.POSITIVE_INFINITY);
      return { body: body() as Record<string, unknown>, problems, unseen };
    },
    release: async () => {
      for (const session of sessions.values()) await (await session).release();
    },
  };
}
