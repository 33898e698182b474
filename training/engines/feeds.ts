/** Values for the inputs that a training session feeds itself: noise and schedules. */
import type { Input, Progress } from '../graph/types.ts';
import { GraphError, sizeOf } from '../graph/value.ts';
import { fillNoise } from './noise.ts';

/** Values for one input; the array is reused by the next call. */
export interface Feed {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

/**
 * Returns the feeds by input name. With `steps`, all shapes are `[steps, ...]`, and `progress` is that of the
 * first step.
 */
export type Feeder = (rowCount: number, progress: Progress, steps?: number) => ReadonlyMap<string, Feed>;

/**
 * `stream` separates the noise of training from that of evaluation. Symbolic dimensions are taken as the
 * batch size.
 */
export function feeder(inputs: readonly Input[], seed: number, stream: 'training' | 'evaluation'): Feeder {
  const buffers = new Map<string, Float32Array<ArrayBuffer>>();
  const buffer = (name: string, size: number) => {
    const known = buffers.get(name);
    if (known !== undefined && known.length >= size) return known.subarray(0, size);
    const grown = new Float32Array(size);
    buffers.set(name, grown);
    return grown;
  };
  return (rowCount, first, steps) => {
    const feeds = new Map<string, Feed>();
    for (const { name, shape: symbolic, source } of inputs) {
      if (source === undefined)
        throw new GraphError(`input '${name}' has no source: the session cannot feed it`);
      const shape = symbolic.map((dimension) => (typeof dimension === 'string' ? rowCount : dimension));
      const size = sizeOf(shape);
      const data = buffer(name, size * (steps ?? 1));
      for (let i = 0; i < (steps ?? 1); i++) {
        const step = first.step + i;
        if (source.kind === 'schedule') data[i] = source.value({ ...first, step });
        else {
          const own = data.subarray(i * size, (i + 1) * size);
          fillNoise(own, source.distribution, { seed, stream: `${stream}/${name}`, step });
        }
      }
      feeds.set(name, { data, shape: steps === undefined ? shape : [steps, ...shape] });
    }
    return feeds;
  };
}

/** The progress of an evaluation, in which the batch's index serves as the step. */
export function evaluationProgress(index: number): Progress {
  return { step: index, stepsPerEpoch: 1, epochs: 1 };
}
