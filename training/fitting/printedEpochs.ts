import type { Epoch } from './fit.ts';

/** Returns an `onEpoch` that prints the losses of each epoch to stderr, and then calls the given one. */
export function printedEpochs(epochs: number, onEpoch?: (epoch: Epoch) => void): (epoch: Epoch) => void {
  const width = String(epochs).length;
  return (each) => {
    const { epoch, train, validation } = each;
    const losses = `loss ${train.loss.toPrecision(4)}  validation ${validation.loss.toPrecision(4)}`;
    process.stderr.write(`epoch ${String(epoch).padStart(width)}/${epochs}  ${losses}\n`);
    onEpoch?.(each);
  };
}
