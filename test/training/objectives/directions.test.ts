import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { openNative, openWasm } from '../../../training/engines/inference.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { input } from '../../../training/graph/value.ts';
import { directions, lengths } from '../../../training/objectives/directions.ts';

it.each([3, 200_000])('rows of %i values are scaled to length 1 in both runtimes', async (width) => {
  const rows = input('rows', ['N', width]);
  const model = toOnnx({
    name: 'directions',
    inputs: [rows],
    outputs: { length: lengths(rows), direction: directions(rows) },
  });
  const source = random(1, 'directions');
  const data = Float32Array.from({ length: width }, () => source.uniform() - 0.5);
  const expected = Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0));
  for (const open of [openNative, openWasm]) {
    const opened = await open(model);
    const { length, direction } = await opened.runTensors({
      rows: { dtype: 'float32', shape: [1, width], data },
    });
    await opened.release();
    expect(Number(length!.data[0]) / expected).toBeCloseTo(1, 6);
    const last = width - 1;
    expect(Number(direction!.data[last]) / (data[last]! / expected)).toBeCloseTo(1, 6);
  }
});
