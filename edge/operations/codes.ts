/** Encoding and decoding, as shared by several operations. */
import type { ConditionLabel } from '../../shared/api.ts';
import { graphSpec, type Manifest } from '../../shared/manifest.ts';
import { type Matrix, matrixOf, type Tensors, tensorOf } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import type { RunningModel } from '../requests/operation.ts';
import { type RefuseRow, refuseAll } from '../requests/rows/faults.ts';

/** Returns the code of every row, `[N, codeSize]`; for a variational model, its mean. */
export async function encodeRows(model: RunningModel, inputs: Tensors): Promise<Matrix> {
  const code = codeOutput(model.manifest);
  const answers = await model.run('encoder', inputs, [code]);
  return matrixOf(answers[code]!);
}

/** Returns the name of the encoder's output that holds the code. */
export function codeOutput(manifest: Manifest): string {
  return graphSpec(manifest, 'encoder').outputs[0]!.name;
}

/** Decodes codes to rows in raw units, all under `label` if the model is conditional. */
export async function decodeCodes(
  model: RunningModel,
  codes: Matrix,
  label?: ConditionLabel,
): Promise<Matrix> {
  const labels = label === undefined ? undefined : new Array<ConditionLabel>(codes.rowCount).fill(label);
  const condition = conditionOf(model.manifest, codes.rowCount, labels, refuseAll);
  const { reconstruction } = await model.run('decoder', { code: tensorOf(codes), ...condition }, [
    'reconstruction',
  ]);
  return matrixOf(reconstruction);
}

/**
 * Returns the decoder's input for labels, one per code; no input if the model is not conditional. `refuse`
 * hears of codes whose label is unknown.
 * @throws {ProblemError} `invalid-label` if the count of labels is wrong, or the model takes none.
 */
export function conditionOf(
  { condition }: Manifest,
  count: number,
  labels: readonly ConditionLabel[] | undefined,
  refuse: RefuseRow,
): Tensors {
  if (condition === undefined) {
    if (labels === undefined) return {};
    throw new ProblemError('invalid-label', {
      detail: 'This model is not conditional; leave out the labels.',
    });
  }
  const { size, labels: names = [] } = condition;
  const offered = names.length > 0 ? names : Array.from({ length: size }, (_, i) => `${i}`);
  if (labels?.length !== count) {
    const received = labels === undefined ? 'no labels' : `${labels.length} labels`;
    const detail = `This model is conditional: expected one label for each of ${count} codes, received ${received}.`;
    throw new ProblemError('invalid-label', { detail, received, offered });
  }
  const data = new Float32Array(count * size);
  for (const [row, label] of labels.entries()) {
    const position = typeof label === 'number' ? label : offered.indexOf(label);
    if (!Number.isInteger(position) || position < 0 || position >= size) {
      const received = typeof label === 'string' ? label.slice(0, 60) : JSON.stringify(label).slice(0, 60);
      const detail = `There is no label ${JSON.stringify(received)}.`;
      refuse(row, new ProblemError('invalid-label', { detail, received, row, offered }));
      continue;
    }
    data[row * size + position] = 1;
  }
  return { condition: { dtype: 'float32', data, shape: [count, size] } };
}
