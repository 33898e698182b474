/** The arithmetic of the encoder 784-128-32 as a few loops of TypeScript. */

export const WIDTHS = [784, 128, 32] as const;

/** Arbitrary weights: their values do not affect the speed. */
const weights = WIDTHS.slice(1).map((width, i) =>
  Float32Array.from({ length: WIDTHS[i]! * width }, (_, j) => ((j * 7919) % 1000) / 10_000 - 0.05),
);

/** Encodes rows `[batch, 784]` to codes `[batch, 32]` by two dense layers with ReLU. */
export function plainEncode(rows: Float32Array, batch: number): Float32Array {
  return weights.reduce((inputs, weight, layer) => {
    const [width, units] = [WIDTHS[layer]!, WIDTHS[layer + 1]!];
    const outputs = new Float32Array(batch * units);
    for (let row = 0; row < batch; row++) {
      for (let i = 0; i < width; i++) {
        const value = inputs[row * width + i]!;
        for (let unit = 0; unit < units; unit++) {
          outputs[row * units + unit]! += value * weight[i * units + unit]!;
        }
      }
      for (let unit = 0; unit < units; unit++) {
        outputs[row * units + unit] = Math.max(0, outputs[row * units + unit]!);
      }
    }
    return outputs;
  }, rows);
}
